"""What the reader makes of a specimen, and what another reader makes of it: the standard library's.

Both run in a child process, one specimen after the other, and tell time and memory of each.
"""

from __future__ import annotations

import contextlib
import email.message
import email.policy
import multiprocessing
import re
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC
from email.parser import BytesParser
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from hostile.corpus import Specimen

PATIENCE = 30.0  # seconds until the child is ended
MEMORY = 1_600 * 1024 * 1024  # of address space, as the reading child of the product has


@dataclass(slots=True)
class Outcome:
    """What a child says of a specimen; ``memory`` is the bytes that it took more than before, ``told`` the result."""

    seconds: float = 0.0
    memory: int = 0
    error: str = ""
    told: dict[str, Any] = field(default_factory=dict)


class Child:
    """A child process with one of the two readers, started again when it dies."""

    def __init__(self, reader: str, models: Path) -> None:
        self._start_with = (reader, str(models))
        self._process: Any = None
        self._pipe: Any = None

    def read(self, specimen: Specimen) -> Outcome:
        """Return what the child makes of a specimen."""
        if self._process is None:
            self._begin()
        began = time.perf_counter()
        self._pipe.send((specimen.kind, specimen.data))
        try:
            if self._pipe.poll(PATIENCE):
                outcome: Outcome = self._pipe.recv()
                return outcome
            error = f"no answer within {PATIENCE:.0f} s"
        except (EOFError, ConnectionError):
            error = "the child died"
        self.close()
        return Outcome(seconds=time.perf_counter() - began, error=error)

    def close(self) -> None:
        """End the child."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = None

    def _begin(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, *self._start_with), daemon=True)
        self._process.start()
        theirs.close()
        assert self._pipe.recv() == "ready"


def _serve(pipe: Connection, reader: str, models: str) -> None:
    read = _our_reader(models) if reader == "ours" else standard_reading
    sys.setrecursionlimit(1_000)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    read("mail", b"From: warm@up.example\r\n\r\nHallo, das ist warm genug.\r\n")
    pipe.send("ready")
    with contextlib.suppress(EOFError):
        while True:
            kind, data = pipe.recv()
            outcome = Outcome()
            before = _forget_peak()
            began = time.perf_counter()
            try:
                outcome.told = read(kind, data)
            except BaseException as error:
                outcome.error = type(error).__name__
            outcome.seconds = time.perf_counter() - began
            outcome.memory = max(0, _peak() - before)
            if reader == "ours" and kind == "mail" and not outcome.error:
                outcome.told["whole"] = _whole_text(data)
            pipe.send(outcome)


def _our_reader(models: str) -> Any:
    from monitor.classification.model import Document
    from monitor.classification.serving import serving_model
    from monitor.mailbox.raw_message import WholeMail
    from monitor.message.characters import decode, visible
    from monitor.message.html import html_to_text
    from monitor.message.own_words import own_words
    from monitor.reader.understanding import described

    model = serving_model(Path(models))

    def read(kind: str, data: bytes) -> dict[str, Any]:
        if kind == "mail":
            (told,) = described([WholeMail(data)], model)
            return dict(told)
        text = decode(data, None)
        text = own_words(visible(html_to_text(text) if kind == "html" else text))
        model.classify([Document("", text)])
        return {"text": text}

    return read


def _whole_text(data: bytes) -> str:
    """The text with what is quoted in it, for a comparison word by word."""
    from monitor.mailbox.raw_message import WholeMail
    from monitor.message.mime import raw_message
    from monitor.message.reading import texts_of

    return texts_of(raw_message(WholeMail(data)).parts)[0]


def standard_reading(kind: str, data: bytes) -> dict[str, Any]:
    """Return sender, date and words as the standard library reads them, each only where it leaves no doubt."""
    if kind != "mail":
        return {}
    message = BytesParser(policy=email.policy.default).parsebytes(data)
    told: dict[str, Any] = {}
    writers = list(message.get_all("from", []))
    addresses = {one.addr_spec.lower() for field in writers for one in field.addresses}
    spaced = re.search(rb"^from[ \t]+:", data[:100_000], re.I | re.M)  # an obsolete form that this reader passes over
    if not spaced and not any(field.defects for field in writers):
        if not writers:
            told["from"] = None
        elif len(addresses) == 1 and all(len(field.addresses) == 1 for field in writers):
            (address,) = addresses
            if address.isascii() and "@" in address.strip("@") and '"' not in address:
                told["from"] = address
        elif len(addresses) > 1 and "sender" not in message:
            told["from"] = None
    dates = message.get_all("date", [])
    if len(dates) == 1 and dates[0].datetime is not None and dates[0].datetime.year >= 1980:
        moment = dates[0].datetime
        told["date"] = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    words = _words(message)
    if words is not None:
        told["words"] = words
    return told


def _words(message: email.message.Message) -> list[str] | None:
    """The words of a mail whose text leaves no doubt: plain text alone, nothing broken, no strange characters."""
    texts = []
    for part in message.walk():
        kind = part.get_content_type()
        if part.defects or kind.startswith("message/"):
            return None
        if part.is_multipart() or part.get_content_disposition() == "attachment":
            continue
        if kind == "text/plain":
            texts.append(part.get_content())  # type: ignore[attr-defined]
        elif kind.startswith("text/"):
            return None
    text = "\n\n".join(texts)
    strange = any("\x7f" <= letter <= "\x9f" or letter in "\ufffd\u00ad\ufeff" for letter in text)
    odd = any(letter < " " and letter not in "\t\n\r" for letter in text) or any(
        0x200B <= ord(c) <= 0x206F for c in text
    )
    if not texts or strange or odd or len(texts) > 5 or len(text) > 100_000 or len({*texts}) < len(texts):
        return None
    return text.split()


def _forget_peak() -> int:
    """Begin to measure the peak of memory anew, where the system can; return what is in use."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS") or _peak()


def _peak() -> int:
    return _status("VmHWM") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (
        1 if sys.platform == "darwin" else 1024
    )


def _status(name: str) -> int:
    try:
        lines: Iterator[str] = iter(Path("/proc/self/status").read_text().splitlines())
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(name + ":")), 0)
