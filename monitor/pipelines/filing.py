"""Filing: labelled folders → labels. What lies in a folder bears its label; what was taken out does not."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from monitor.errors import FolderMissing
from monitor.labels import Label, label_of_folder
from monitor.mailbox.answers import Unfetched
from monitor.mailbox.folders import Folder
from monitor.pipelines.intake import BATCH, Facts, Mailbox, Reader, sorted_out
from monitor.reader.outcomes import Filed

MOST = 5_000  # messages of a folder that are looked at, the newest

log = logging.getLogger(__name__)


class Labels(Protocol):
    """What filing needs of the store."""

    def places(self, folder: str, uidvalidity: int) -> set[int]: ...
    def sync(self, folders: Mapping[str, tuple[int, Label, Iterable[int]]], now: datetime) -> int: ...


def labelled_folders(folders: Sequence[Folder]) -> list[tuple[Folder, Label]]:
    """Return the folders that label, with their labels; other folders below the same parent are left alone."""
    return [(folder, label) for folder in folders if (label := label_of_folder(folder.leaf)) is not None]


def take_labels(
    folders: Sequence[tuple[Folder, Label]],
    mailbox: Mailbox,
    facts: Facts,
    labels: Labels,
    reader: Reader,
    now: Callable[[], datetime],
) -> int:
    """Read what lies in the labelled folders, and bring the labels in line; return how many changed.

    A message that was filed before it was ever read in the inbox becomes a fact here.
    """
    present: dict[str, tuple[int, Label, Iterable[int]]] = {}
    for folder, label in folders:
        try:
            state = mailbox.examine(folder)
        except FolderMissing:
            continue  # removed or renamed meanwhile: it says nothing until it is listed again
        uids = mailbox.uids_after(0)[-MOST:]
        new = sorted(set(uids) - labels.places(folder.name, state.uidvalidity))
        batches = [new[start : start + BATCH] for start in range(0, len(new), BATCH)]
        fetched = (
            [Filed(item, folder.name) for item in mailbox.fetch(batch) if not isinstance(item, Unfetched)]
            for batch in batches
        )
        for filed, outcomes in reader.understand(fetched):
            known, lost = sorted_out(filed, outcomes, now())
            facts.record(known, lost)
        present[folder.name] = (state.uidvalidity, label, uids)
    changed = labels.sync(present, now())
    if changed:
        log.info("labels changed", extra={"fields": {"labels": changed}})
    return changed
