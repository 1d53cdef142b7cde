"""Retraining: labelled folders → lessons → challenger → contest → the model that serves.

Runs in a process of its own: it imports scikit-learn and holds the filed messages' text for a minute.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from monitor.classification import model_file, versions
from monitor.classification.contest import Contest, contest
from monitor.classification.corpus import is_held_back, read_corpus
from monitor.classification.model import Document
from monitor.classification.serving import serving_model, shipped_corpus, starter_fingerprint, starter_model
from monitor.classification.teaching import Lesson, examples_of
from monitor.classification.training import train
from monitor.errors import UnreadableMessage
from monitor.labels import Label
from monitor.mailbox.folders import Folder
from monitor.mailbox.raw_message import Place, RawMessage
from monitor.message.message import Message
from monitor.message.reading import read_message
from monitor.pipelines.intake import BATCH, Mailbox
from monitor.store.label_store import Filing

LEAST_LESSONS = 3  # fewer labels than this teach nothing that could be measured


class Labels(Protocol):
    """What retraining needs of the store."""

    def filings(self) -> list[Filing]: ...
    def fingerprint(self) -> str: ...
    def where(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[Place]]: ...


@dataclass(frozen=True, slots=True)
class Report:
    """What a retraining did.

    ``contest`` is None where there were too few labelled messages to learn from; ``version`` where none was kept.
    """

    lessons: int
    held_back: int
    contest: Contest | None
    version: str | None

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return asdict(self)


def is_due(labels: Labels, models: Path) -> bool:
    """Whether the labels, or the starter model below them, changed since the last try."""
    filings = labels.filings()
    if len(filings) < LEAST_LESSONS:
        return False
    return versions.read(models).tried != _fingerprint(labels)


def retrain(
    mailbox: Mailbox,
    labels: Labels,
    models: Path,
    now: datetime,
    *,
    dry_run: bool = False,
    corpus: Path | None = None,
) -> Report:
    """Learn from the labelled messages as they are now; a challenger that is worse does not serve.

    With ``dry_run`` nothing is kept. The texts are read from the mailbox and forgotten. ``corpus`` is the folder of
    the starter corpus, the shipped one if left out.
    """
    lessons = list(gather(mailbox, labels))
    fingerprint = _fingerprint(labels, corpus)
    if len(lessons) < LEAST_LESSONS:
        return Report(len(lessons), 0, None, None)
    teaching = [lesson for lesson in lessons if not lesson.is_held_back]
    measuring = [lesson for lesson in lessons if lesson.is_held_back]
    written = read_corpus(corpus or shipped_corpus())
    starter = starter_model(models, corpus)
    taught, measured, parent = examples_of(teaching, starter), examples_of(measuring, starter), starter.version
    del starter  # while another one is trained, memory is scarcest
    name = versions.new_name(now, fingerprint)
    challenger = train([*(example for example in written if not is_held_back(example)), *taught], name)
    shown = contest(
        serving_model(models, corpus),
        challenger,
        [example for example in written if is_held_back(example)],
        measured,
    )
    if dry_run:
        return Report(len(teaching), len(measuring), shown, None)
    if not shown.accepted:
        versions.note_tried(models, fingerprint)
        return Report(len(teaching), len(measuring), shown, None)
    model_file.save(challenger, models / f"{name}.npz")
    report = Report(len(teaching), len(measuring), shown, name)
    made = versions.Version(name, now.isoformat(), parent, fingerprint, report.as_json())
    versions.add(models, made)
    return report


def gather(mailbox: Mailbox, labels: Labels) -> Iterator[Lesson]:
    """Yield a lesson for each message that the coach filed or took out again, as far as its text is to be had.

    The same mail in several folders is one lesson with several labels. Only its visible text is read.
    """
    filed: dict[tuple[str, str], set[Label]] = defaultdict(set)
    taken_out: dict[tuple[str, str], set[Label]] = defaultdict(set)
    for filing in labels.filings():
        (filed if filing.until is None else taken_out)[filing.key, filing.writer].add(filing.label)
    wanted = set(filed) | set(taken_out)
    for identity, message in _texts(mailbox, labels.where(wanted)):
        if not message.text or message.automatic:
            continue
        yield Lesson(
            key=identity[0],
            sender=identity[1],
            month=f"{message.sent_at:%Y-%m}" if message.sent_at else "",
            document=Document(message.subject, message.text),
            filed=frozenset(filed.get(identity, ())),
            taken_out=frozenset(taken_out.get(identity, ())),
        )


def _texts(
    mailbox: Mailbox, places: Mapping[tuple[str, str], Sequence[Place]]
) -> Iterator[tuple[tuple[str, str], Message]]:
    """Read messages where they lie; each once, from the first place that still has it."""
    by_folder: dict[str, dict[int, tuple[str, str]]] = defaultdict(dict)
    validity: dict[str, int] = {}
    for identity, known in places.items():
        for place in known:
            by_folder[place.folder][place.uid] = identity
            validity[place.folder] = place.uidvalidity
    seen: set[tuple[str, str]] = set()
    for folder, uids in by_folder.items():
        if mailbox.examine(Folder(folder, None, frozenset())).uidvalidity != validity[folder]:
            continue  # numbered anew: the next round learns where the messages lie now
        wanted = sorted(uid for uid, identity in uids.items() if identity not in seen)
        for start in range(0, len(wanted), BATCH):
            for item in mailbox.fetch(wanted[start : start + BATCH]):
                if not isinstance(item, RawMessage) or item.place is None:
                    continue
                try:
                    message = read_message(item)
                except UnreadableMessage:
                    continue
                identity = uids[item.place.uid]
                if message.key == identity[0] and identity not in seen:
                    seen.add(identity)
                    yield identity, message


def _fingerprint(labels: Labels, corpus: Path | None = None) -> str:
    """Identify what a retraining would learn from: the labels, and the starter model below them."""
    return f"{labels.fingerprint()}-{starter_fingerprint(corpus)}"
