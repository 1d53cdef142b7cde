"""Any folder of mail files, as specimens: mails, and texts that stand for the body of one.

What is known of a file comes from the folder itself: ``MANIFEST.tsv`` (columns ``file`` and ``kind``: rfc822, mbox,
body-text, body-html) and ``*expectations*.jsonl`` (``file``, and what the right result is). Without them every file
that looks like mail is one.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from monitor.errors import UnreadableMessage
from monitor.mailbox.files import messages_in
from monitor.mailbox.raw_message import WholeMail

NO_MAIL = {".md", ".tsv", ".jsonl", ".json", ".toml", ".py", ".gitattributes"}


@dataclass(frozen=True, slots=True)
class Specimen:
    """One message. ``kind`` is ``mail``, or ``text`` or ``html`` for a body alone."""

    corpus: str
    name: str
    kind: str
    data: bytes
    expected: list[dict[str, Any]] = field(default_factory=list)


def specimens(folder: Path) -> Iterator[Specimen]:
    """Yield every message of a folder, by the names of its files."""
    kinds, expected = _manifest(folder), _expectations(folder)
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = file.relative_to(folder).as_posix()
        if file.suffix in NO_MAIL or file.name.startswith(("LICENSE", ".", "MANIFEST", "README")):
            continue
        corpus = name.split("/")[0] if "/" in name else folder.name
        kind = kinds.get(name, "rfc822" if _looks_like_mail(file) else "body-text")
        told = expected.get(name, [])
        if kind.startswith("body-"):
            yield Specimen(corpus, name, kind.removeprefix("body-"), file.read_bytes(), told)
            continue
        for number, found in enumerate(messages_in([file]), 1):
            if isinstance(found.raw, UnreadableMessage):
                continue  # an empty file
            assert isinstance(found.raw, WholeMail)
            source = f"{name}#{number}" if "#" in found.source else name
            yield Specimen(corpus, source, "mail", found.raw.data, [*told, *expected.get(source, [])])


def _manifest(folder: Path) -> dict[str, str]:
    file = folder / "MANIFEST.tsv"
    if not file.exists():
        return {}
    with file.open(encoding="utf-8", newline="") as opened:
        rows = csv.DictReader(opened, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["file"]: row["kind"] for row in rows}


def _expectations(folder: Path) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for file in sorted(folder.glob("*expectations*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.strip():
                told = json.loads(line)
                found[told["file"]].append(told)
    return found


def _looks_like_mail(file: Path) -> bool:
    """Whether the first line is a header field, or the line that begins an mbox."""
    with file.open("rb") as opened:
        first = opened.readline(1_000).lstrip(b"\xef\xbb\xbf\r\n")
    name, colon, _ = first.partition(b":")
    return first.startswith(b"From ") or (bool(colon) and 0 < len(name) < 80 and b" " not in name.strip())
