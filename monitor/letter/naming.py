"""The names of labels and folders, as they stand in the letter."""

from __future__ import annotations

from monitor.digest.content import Digest
from monitor.labels import REQUEST_NAMES, VERDICT_NAMES, Label, RequestType
from monitor.language.speech import Speech


def name_of(label: Label, words: Speech) -> str:
    """Return a label's name: a request type's or a verdict's."""
    if isinstance(label, RequestType):
        return REQUEST_NAMES[label][words.language]
    return VERDICT_NAMES[label][words.language]


def folder(digest: Digest, label: str) -> str:
    """Return a labelled folder's name with its parent."""
    return f"{digest.label_folder}/{label}"
