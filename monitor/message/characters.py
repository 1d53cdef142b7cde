"""Bytes to characters without ever failing, and characters made harmless.

Invisible and direction-changing characters are removed at the door: they let a text look like another one.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

# Controls but tab and newline, zero-width and bidirectional marks, tags, line and paragraph separators.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c"
    "\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]+")
# What mail programs write where Windows-1252 was meant (WHATWG Encoding Standard, section 4.2).
_MEANT = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "utf8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "iso-8859-8-i": "iso-8859-8",
}
_NO_TEXT = {"undefined", "unicode_escape", "raw_unicode_escape", "idna", "punycode", "mbcs", "oem"}


@lru_cache(maxsize=256)
def _codec(charset: str) -> str | None:
    name = charset.strip().strip("\"'").lower()
    name = _MEANT.get(name, name)
    if len(name) > 40 or not name.isascii():
        return None
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    # Some codecs turn bytes into bytes, others are no charsets of mail; both may undo a compression.
    if not getattr(found, "_is_text_encoding", True) or found.name.replace("-", "_") in _NO_TEXT:
        return None
    return found.name


def decode(data: bytes, charset: str | None) -> str:
    """Decode bytes by their charset; where it is unknown or wrong, as UTF-8, else as Windows-1252."""
    named = _codec(charset) if charset else None
    for candidate in (named, "utf-8"):
        if candidate is None or (candidate == "cp1252" and not data.isascii() and _is_utf8(data)):
            continue
        try:
            return data.decode(candidate)
        except (UnicodeError, ValueError):
            continue
    if named and named != "utf-8":
        return data.decode(named, "replace")
    return data.decode("cp1252", "replace")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeError:
        return False
    return True


def visible(text: str) -> str:
    """Return the text without invisible, control and direction-changing characters; newlines are ``\\n``."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return _SURROGATES.sub("\ufffd", _INVISIBLE.sub("", text))


def one_line(text: str) -> str:
    """Return the text as one line with single spaces, invisible characters removed."""
    return _SPACES.sub(" ", visible(text).replace("\n", " ")).strip()
