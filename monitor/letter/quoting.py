"""Words of strangers, made harmless before they stand in the letter, and the way back to their mail.

Names, subjects and quotes come from mail. What leaves here is one line without invisible characters, terminal
commands, addresses and links, and no longer than asked for. Escaping for HTML is the template's part.

No link to a mail works everywhere, so every place is first of all words that any search box finds.
"""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from urllib.parse import quote as percent_encoded

from monitor.digest.content import Link, Quote
from monitor.language.speech import Speech
from monitor.message.characters import one_line

QUOTE = 200
SUBJECT = 70
NAME = 40
ADDRESS = 60
LINK = "[Link]"
_LONGEST_READ = 2_000  # nobody sees more; what lies behind it need not be cleaned

_NESTED = 3  # how often an entity may hide another one
_TAG = re.compile(r"<([a-z/!?][^<>]*)>", re.IGNORECASE)
_TAG_LEFT_OPEN = re.compile(r"<(?=[a-z/!?])", re.IGNORECASE)
# Longer than any word: on a phone it would push the page aside.
_ENDLESS = re.compile(r"(\S{40})\S{11,}")
_ENTITY = re.compile(r"&(?=[a-z]{2,8};|#\d+;)", re.IGNORECASE)
_TERMINAL = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)?")
# The joiner of composed emoji and the variation selectors hide as well as any other zero-width character.
_ZERO_WIDTH = re.compile("[\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_PILED = re.compile(r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{2})"
                    r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")  # fmt: skip
# What mail programs turn into something to click: schemes, www, addresses, and bare hosts under common endings.
_CLICKABLE = re.compile(
    r"""
    <?\b(?: [a-z][a-z0-9+.-]{1,15}://[^\s<>"]+ | (?:mailto|mid|cid|tel|sms|javascript|data):[^\s<>"]+ )>?
    | \bwww\.[^\s<>"]+
    | <?[^\s<>@"'„“”(),;:]{1,64}@[^\s<>@"'„“”(),;]{1,190}\.[^\s<>@"'„“”(),;.]{2,24}>?
    | \b(?:[\w-]{1,63}\.){1,6}(?:com|net|org|info|biz|eu|de|at|ch|io|app|dev|uk|fr|nl|shop|xyz|online|example)\b
      (?:[:/][^\s<>"]*)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
# A Message-ID that can stand in a link as it is; any other comes from a stranger with other intentions.
_PLAIN_ID = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,200}@[A-Za-z0-9.\[\]:_-]{1,100}")


def harmless(text: str, most: int) -> str:
    """Return one line of at most ``most`` characters, cut on a word with an ellipsis, links replaced by [Link].

    What looks like HTML is shown with other brackets, so that it is markup in no part of the letter.
    """
    text = text[: 2 * _LONGEST_READ]
    for _ in range(_NESTED):
        text = unescape(text)
    text = _CLICKABLE.sub(LINK, _TAG.sub(r"‹\1›", _visible(text)))
    text = _ENDLESS.sub(r"\1…", text)
    return shortened(_TAG_LEFT_OPEN.sub("‹", _ENTITY.sub("& ", text)), most)


def _visible(text: str) -> str:
    text = _ZERO_WIDTH.sub("", one_line(_TERMINAL.sub("", text)))[:_LONGEST_READ]
    return _PILED.sub(r"\1", unicodedata.normalize("NFC", text))


def shortened(text: str, most: int) -> str:
    """Return the text cut to ``most`` characters: on a word if one ends in the last third, with an ellipsis."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    on_word = cut.rfind(" ")
    if not text[most - 1].isspace() and on_word > most * 2 // 3:
        cut = cut[:on_word]
    return cut.rstrip(" ,;:.-–—…") + "…"


def quote(text: str) -> str:
    """Return a quote for the letter; empty if nothing of it can be shown."""
    return harmless(text, QUOTE)


def subject(text: str) -> str:
    """Return a subject for the letter; empty if there is none."""
    return harmless(text, SUBJECT)


def name(text: str) -> str:
    """Return the name of a client or sender for the letter; a dash if nothing of it can be shown."""
    return harmless(text, NAME) or "–"


def address(text: str) -> str:
    """Return a mail address for the letter. It stays readable: there, the address is what is asked about."""
    return shortened(_TAG_LEFT_OPEN.sub("‹", _visible(text[: 2 * _LONGEST_READ])), ADDRESS)


def link_to(message_id: str | None, program: Link) -> str:
    """Return the address of a link to a mail, or nothing where none would work."""
    bare = (message_id or "").strip().removeprefix("<").removesuffix(">")
    if not _PLAIN_ID.fullmatch(bare):
        return ""
    if program is Link.THUNDERBIRD:
        return f"mid:{bare}"  # Thunderbird does not decode percent signs
    if program is Link.APPLE_MAIL:
        return f"message:%3C{percent_encoded(bare, safe='@')}%3E"
    if program is Link.GMAIL:
        return f"https://mail.google.com/mail/u/0/#search/rfc822msgid:{percent_encoded(bare, safe='')}"
    return ""


def place_of(mail: Quote, speech: Speech) -> str:
    """Return where a mail is found, in words: weekday, date, time, sender and subject.

    Of what the coach wrote, neither words nor subject are kept: the day and to whom it went must do.
    """
    if mail.is_own:
        text = speech.gettext("{moment}, from yourself to {name}")
        if about := subject(mail.subject):
            text += f": {about}"
        return text.format(moment=speech.moment(mail.sent_at), name=name(mail.sender))
    about = subject(mail.subject) or speech.gettext("(no subject)")
    return f"{speech.moment(mail.sent_at)}, {name(mail.sender)}: {about}"
