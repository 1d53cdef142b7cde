"""A small coverage-guided fuzzer on the reader: ``python -m fuzz.guided``.

What is mutated are mails; a mutant that makes the reader run lines in an order that no mail before did is mutated
further. It follows pairs of lines with the interpreter's own tracing. (Atheris, the well-kept engine for this, has
wheels for x86-64 alone.) SECONDS bounds a run, SEED repeats it; a mail that breaks the reader is written to FOUND.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

from hostile.monsters import monsters

import monitor
from monitor.errors import UnreadableMessage
from monitor.mailbox.raw_message import WholeMail
from monitor.message.reading import read_message

FOLLOWED = str(Path(monitor.__file__).parent / "message")
SLOW = 2.0  # seconds
LARGEST = 6_000  # bytes of a mail that is mutated
PIECES = [
    b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"--", b"--b", b'"', b"<", b">", b"@", b",", b";", b":", b"(", b")", b"\\", b"=?", b"?=", b"=?utf-8?q?", b"?b?",
    b"\0", b"\xff", b"\xc3", b"=", b"==", b"Content-Type: ", b"multipart/mixed; boundary=", b"multipart/alternative; ", b"text/html", b"charset=",
    b"Content-Transfer-Encoding: base64", b"quoted-printable", b"boundary*0=", b"*1*=", b"From: ", b"Date: ", b"> ", b"-- \n", b" wrote:\n", b" schrieb ",
    b"Von: ", b"Gesendet: ", b"An: ", b"Betreff: ", b"<blockquote>", b"</div>", b"<div class=gmail_quote>", b"<p style='", b"<pre>", b"&#", b"\xe2\x80\xae",
]  # fmt: skip


def main() -> int:
    """Fuzz for SECONDS; return 1 if something was found."""
    seconds, seed = float(os.environ.get("SECONDS", "120")), int(os.environ.get("SEED") or random.randrange(2**32))
    found = Path(os.environ.get("FOUND", "fuzz-found"))
    chance = random.Random(seed)
    corpus = _seeds()
    seen: set[int] = set()
    for data in corpus:
        seen |= _run(data)[0]
    print(f"SEED={seed}: {len(corpus)} mails to begin with, {len(seen)} pairs of lines")
    until, runs, broken = time.monotonic() + seconds, 0, 0
    while time.monotonic() < until:
        data = _mutated(chance.choice(corpus), corpus, chance)
        pairs, error = _run(data)
        runs += 1
        if error:
            broken += 1
            found.mkdir(exist_ok=True)
            name = hashlib.sha256(error.encode()).hexdigest()[:12]
            (found / f"{name}.eml").write_bytes(data)
            print(f"found: {error} ({found / name}.eml)", flush=True)
        elif not pairs <= seen:
            seen |= pairs
            corpus.append(data)
    print(
        f"{runs} mails read in {seconds:.0f} s, {len(corpus)} kept, {len(seen)} pairs of lines, {broken} broke the reader"
    )
    return 1 if broken else 0


def _seeds() -> list[bytes]:
    demo = Path(monitor.__file__).parent / "demo" / "mailbox"
    files = sorted(demo.rglob("*.eml"))[::8]
    return [file.read_bytes()[:LARGEST] for file in files] + [each.data[:LARGEST] for each in monsters()]


def _run(data: bytes) -> tuple[set[int], str]:
    """Read a mail; return the pairs of lines that ran one after the other, and what broke."""
    pairs: set[int] = set()
    last = [0]

    def follow(frame: FrameType, event: str, _: Any) -> Any:
        if event == "call" and not frame.f_code.co_filename.startswith(FOLLOWED):
            return None
        if event in ("line", "call"):
            here = hash((frame.f_code.co_filename, frame.f_lineno))
            pairs.add(hash((last[0], here)))
            last[0] = here
        return follow

    began = time.process_time()
    sys.settrace(follow)
    try:
        message = read_message(WholeMail(data))
        error = _unsound(message)
    except UnreadableMessage:
        error = ""
    except Exception as raised:
        error = f"{type(raised).__name__}: {raised}"[:200]
    finally:
        sys.settrace(None)
    if not error and time.process_time() - began > SLOW:  # tracing costs time: see without it
        began = time.process_time()
        with contextlib.suppress(UnreadableMessage):
            read_message(WholeMail(data))
        if time.process_time() - began > SLOW:
            error = "slow"
    return pairs, error


def _unsound(message: Any) -> str:
    whole = f"{message.text}{message.subject}{message.sender}"
    if any(
        (letter < " " and letter not in "\n\t") or "\x7f" <= letter <= "\x9f" or "\ud800" <= letter <= "\udfff"
        for letter in whole
    ):
        return "a control character came through"
    return ""


def _mutated(data: bytes, corpus: list[bytes], chance: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 8))):
        at, end = sorted((chance.randrange(len(made) + 1), chance.randrange(len(made) + 1)))
        end = min(end, at + chance.choice((1, 4, 40, 400)))
        match chance.randrange(7):
            case 0:
                made[at:at] = chance.choice(PIECES)
            case 1:
                del made[at:end]
            case 2:
                made[at:at] = made[at:end] * chance.choice((1, 2, 50))
            case 3 if made:
                made[min(at, len(made) - 1)] = chance.randrange(256)
            case 4:
                other = chance.choice(corpus)
                cut = chance.randrange(len(other) + 1)
                made[at:end] = other[cut : cut + chance.choice((10, 200, 2_000))]
            case 5:
                made[at:end] = chance.choice(PIECES) * chance.choice((1, 3, 100))
            case _:
                made[at:end] = bytes(made[at:end]).swapcase()
    return bytes(made[:LARGEST])


if __name__ == "__main__":
    sys.exit(main())
