"""Read what the coach writes in a reply: one instruction a line, in German or English, in the coach's own words.

What is read wrongly is worse than what is not read: a line with two meanings, a negation or a question is handed
back as not understood.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from monitor.instructions.days import day_in
from monitor.instructions.instruction import Instruction, Kind, Outcome
from monitor.instructions.token import token_in
from monitor.labels import SIGNAL_NAMES, Signal, label_of_folder
from monitor.names import folded_words, name_words

REST = timedelta(weeks=4)  # of a snooze or a pause that names no day
MOST_LINES = 40
LONGEST_LINE = 300
LEAST_NAME = 3  # letters of a part of a name that can stand for it

Read = tuple[Instruction, Outcome]

_SAYS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(expression))
    for kind, expression in (
        (Kind.UNDO, r"\brückgängig\b|\bzurücknehmen\b|\bnehme? .{0,40}\bzurück\b|\bundo\b|\btake .{0,30}\bback\b|\brevoke\b"),
        (
            Kind.GO_ON,
            r"\bpause (?:beenden|aufheben|ist vorbei)\b|\bende der pause\b|\bwieder (?:schicken|schreiben)\b|\bresume\b|"
            r"\bend (?:of )?(?:the )?pause\b|\bletters again\b|\bbriefe wieder\b",
        ),
        (
            Kind.NOT_A_CLIENT,
            r"\bkeine?n? (?:klient\w*|kund\w+)\b|\bnicht (?:mehr )?(?:mein\w* )?(?:klient\w*|kund\w+)\b|"
            r"\b(?:not|no longer) (?:a|my) client\b|\bno client\b",
        ),
        (
            Kind.WRONG,
            r"\bstimmt (?:so |das )?nicht\b|\bfalsch\b|\btrifft (?:so )?nicht zu\b|\bnicht richtig\b|\birrtum\b|\bwrong\b|"
            r"\bnot (?:so|true|right|correct)\b|\bisn't (?:so|true|right|correct)\b|\bincorrect\b|\bmistaken?\b",
        ),
        (
            Kind.LESS,
            r"\bweniger (?:empfindlich|streng|hinweise)\b|\bgroßzügiger\b|\bless (?:sensitive|strict)\b|\bmore lenient\b",
        ),
        (Kind.MORE, r"\b(?:empfindlicher|strenger|mehr hinweise)\b|\bmore (?:sensitive|strict)\b|\bstricter\b"),
        (
            Kind.SNOOZE,
            r"\bruhen (?:zu )?lassen\b|\b(?:lass|lassen sie) .{0,60}\bruhen\b|\bruht\b|\bzurückstellen\b|\bsnooze\w*\b|"
            r"\b(?:kein gespräch|nichts|nicht) (?:vorschlagen|erinnern)\b|\blet .{0,60}\brest\b|\bpostpone\b|\bvertagen\b",
        ),
        (
            Kind.TALKED,
            r"\bgespräch\w* .{0,60}\b(?:geführt|gehabt|war|hatte|hatten|stattgefunden)\b|\bgespräch geführt\b|"
            r"\b(?:gesprochen|geredet|unterhalten|ausgesprochen)\b|^gespräch (?:mit|am)\b|\b(?:talked|spoke|spoken)\b|"
            r"\b(?:talk|conversation) (?:was )?held\b|\b(?:had|held) (?:the|a|our|my) (?:talk|conversation|chat)\b|"
            r"^(?:talk|conversation) with\b",
        ),
        (Kind.PAUSE, r"\bpaus(?:e|ieren|iere|iert|ed|ing)\b|\bkeine (?:weiteren )?briefe\b|\bno letters?\b|\burlaub\b|\bholidays?\b"),
    )
)  # fmt: skip
_NEGATED = re.compile(r"\b(?:nicht|kein\w*|nie|not|never|haven't|hasn't|didn't|n't)\b")
_QUESTION = re.compile(
    r"^(?:frage|nummer|nr\.?|question|number|no\.?)\s*(\d{1,2})\s*[:=.,–-]*\s*(.{2,60})$", re.IGNORECASE
)
_NUMBER = re.compile(r"\b(\d{1,9})\b")
_ADDRESS = re.compile(r"[^\s<>@\"'„“”(),;:]{1,64}@[^\s<>@\"'„“”(),;:]{1,190}\.[^\s<>@\"'„“”(),;:.]{2,24}")
_FORWARDED = re.compile(r"^\s*(?:re|aw|antw|fwd?|wg)\s*:\s*", re.IGNORECASE)
_TOKEN = re.compile(r"[\[(]?\bchm-\w+[\])]?")
_HELD = re.compile(r"gesprochen|geführt|talked|spoke|held")
_PARTS = re.compile(r"[;,]\s+|\s+(?:und|and)\s+", re.IGNORECASE)
_POLITE = re.compile(
    r"^(?:hallo|hi|hey|guten (?:tag|morgen|abend)|liebe\w*|(?:vielen |herzlichen )?dank\w*\b.*|merci|(?:viele|liebe|beste|herzliche|freundliche) "
    r"grüße|mit (?:freundlichen|besten) grüßen|vg|lg|dear|thanks?\b.*|thank you\b.*|(?:best|kind|warm) (?:regards|wishes)|regards|cheers|"
    r"gesendet von .*|von meinem .* gesendet|sent from .*)\W*$",
    re.IGNORECASE,
)


def instructions_in(subject: str, text: str, clients: Sequence[str], today: date, coach: str = "") -> list[Read]:
    """Return the instructions of a reply, each with what can be said of it before anything is done.

    ``subject`` counts where it carries a token, as that of a prepared answer does. ``text`` holds the coach's own words
    alone, ``today`` is the day on which they were written. Where nothing at all is understood, the first words are
    handed back as not understood; beside what is understood, only lines that name a client or say half of something.
    """
    read: list[Read] = []
    if token_in(subject):
        command = _TOKEN.sub("", _FORWARDED.sub("", subject)).strip(" -–·|")
        read += _line(command, clients, today)
    left: list[str] = []
    for raw in text.splitlines()[:MOST_LINES]:
        line = raw.strip(" \t-*•>")[:LONGEST_LINE]
        if not line or line.startswith("--"):
            continue
        found = _line(line, clients, today)
        if any(one.kind is not Kind.UNKNOWN for one, _ in found):
            read += found
        elif not _POLITE.match(line) and name_words(line) != name_words(coach):
            left.append(line)
    if not read and left:
        read.append(_unknown(left[0]))
    elif read:
        read += [_unknown(line) for line in left if _named(line, clients)][:3]
    return list(dict.fromkeys(read))


def _line(line: str, clients: Sequence[str], today: date) -> list[Read]:
    if answered := _QUESTION.match(line):
        label = label_of_folder(answered[2].strip(" .!"))
        if label is not None:
            return [(Instruction(Kind.LABEL, number=int(answered[1]), label=label), Outcome.DONE)]
    kinds = _kinds(line)
    if len(kinds) > 1:
        parts = [part for part in _PARTS.split(line) if part.strip()]
        if len(parts) > 1 and all(len(_kinds(part)) == 1 for part in parts):
            return [read for part in parts for read in _line(part.strip(), clients, today)]
    if len(kinds) != 1 or line.rstrip().endswith("?"):
        return [_unknown(line)]
    return _meant(kinds[0], line, clients, today)


def _kinds(line: str) -> list[Kind]:
    folded = line.casefold()
    found = [kind for kind, says in _SAYS if says.search(folded)]
    if Kind.GO_ON in found and Kind.PAUSE in found:
        found.remove(Kind.PAUSE)
    if Kind.SNOOZE in found and Kind.PAUSE in found:
        found.remove(Kind.PAUSE)
    # To take back, or to object to, something repeats the words for it.
    for first in (Kind.UNDO, Kind.WRONG):
        if first in found:
            return [first]
    # "Kein Gespräch vorschlagen" names the conversation that is not wanted.
    if Kind.SNOOZE in found and Kind.TALKED in found and not _HELD.search(folded):
        found.remove(Kind.TALKED)
    return found


def _meant(kind: Kind, line: str, clients: Sequence[str], today: date) -> list[Read]:
    folded = line.casefold()
    named = _named(line, clients)
    if kind is Kind.PAUSE and len(named) == 1 and not isinstance(named[0], list):
        kind = Kind.SNOOZE
    signal = _signal(line)
    match kind:
        case Kind.UNDO:
            number = _NUMBER.search(line)
            if number is None:
                return [_unknown(line)]
            return [(Instruction(kind, number=int(number[1])), Outcome.DONE)]
        case Kind.GO_ON:
            return [(Instruction(kind), Outcome.DONE)]
        case Kind.PAUSE:
            return [(Instruction(kind, day=day_in(line, today, ahead=True) or today + REST), Outcome.DONE)]
        case Kind.LESS | Kind.MORE if not named:
            return [(Instruction(kind, signal=signal), Outcome.DONE)]
        case Kind.NOT_A_CLIENT if address := _ADDRESS.search(line):
            return [(Instruction(kind, about=address.group(0).casefold()), Outcome.DONE)]
        case Kind.TALKED if _NEGATED.search(folded):
            return [_unknown(line)]
        case _:
            pass
    if not named or any(isinstance(one, list) for one in named):
        return [(Instruction(kind, about=line), Outcome.WHO)]
    day: date | None = None
    outcome = Outcome.DONE
    if kind is Kind.TALKED:
        day = day_in(line, today, ahead=False) or today
        outcome = Outcome.TO_COME if day > today else Outcome.DONE
    elif kind is Kind.SNOOZE:
        day = day_in(line, today, ahead=True) or today + REST
    return [(Instruction(kind, client=str(one), day=day, signal=signal), outcome) for one in named]


def _named(line: str, clients: Sequence[str]) -> list[str | list[str]]:
    """Return the clients that a line names; a part of a name that several share gives their list."""
    words = set(folded_words(line))
    whole = [client for client in clients if set(name_words(client)) <= words]
    if whole:
        return list(whole)
    found: list[str | list[str]] = []
    for word in folded_words(line):
        if len(word) < LEAST_NAME:
            continue
        bearing = [client for client in clients if word in name_words(client)]
        meant: str | list[str] | None = bearing[0] if len(bearing) == 1 else bearing or None
        if meant is not None and meant not in found:
            found.append(meant)
    return found


def _signal(line: str) -> Signal | None:
    folded = " ".join(folded_words(line))
    for signal in Signal:
        for name in (signal, *SIGNAL_NAMES[signal].values()):
            if " ".join(folded_words(name)) in folded:
                return signal
    return None


def _unknown(line: str) -> Read:
    return Instruction(Kind.UNKNOWN, about=line), Outcome.NOT_UNDERSTOOD
