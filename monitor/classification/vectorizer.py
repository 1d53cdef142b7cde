"""Features to a sparse matrix: which column, which weight. Needs numpy alone, so that classifying starts fast."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from monitor.classification.features import Context, letters_of, named_features

Floats = NDArray[np.float32]
Indices = NDArray[np.int32]

BLOCK_WEIGHTS = (1.0, 1.0, 0.7)  # words, letters, cues: each block has this length before they are joined


@dataclass(frozen=True, slots=True)
class Rows:
    """A matrix in compressed rows: row ``i`` holds ``data[indptr[i]:indptr[i+1]]`` in columns ``indices[…]``."""

    data: Floats
    indices: Indices
    indptr: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.indptr) - 1


@dataclass(slots=True)
class Vectorizer:
    """Sublinear TF-IDF over three blocks (words, letters, cues), each block of unit length times its weight.

    Term weights as in Manning, Raghavan, Schütze, Introduction to Information Retrieval, 6.4 (``ltn`` with
    smoothed idf); cues count as present or not.
    """

    vocabularies: tuple[dict[str, int], dict[str, int], dict[str, int]]
    idf: tuple[Floats, Floats, Floats]
    _letters: dict[str, Indices] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Number of columns."""
        return sum(len(vocabulary) for vocabulary in self.vocabularies)

    def names(self) -> list[str]:
        """Return the feature of each column; letters are marked with ``l:``."""
        words, letters, cues = self.vocabularies
        return [*words, *(f"l:{letter}" for letter in letters), *cues]

    def rows(self, contexts: Iterable[Context]) -> Rows:
        """Return one row per segment; features that were never seen in training are left out."""
        words_at, letters_at, cues_at = self.vocabularies
        found: tuple[list[Indices], list[Indices], list[Indices]] = ([], [], [])
        for context in contexts:
            words, spelled, cues = named_features(context)
            found[0].append(np.array([words_at[word] for word in words if word in words_at], np.int32))
            found[1].append(self._letters_of(spelled))
            found[2].append(np.array([cues_at[cue] for cue in cues if cue in cues_at], np.int32))
        shifts = (0, len(words_at), len(words_at) + len(letters_at))
        blocks = [self._block(number, found[number], shifts[number]) for number in range(3)]
        keys = np.concatenate([block[0] for block in blocks])
        order = np.argsort(keys, kind="stable")
        rows = keys[order] // self.size if self.size else keys
        return Rows(
            np.concatenate([block[1] for block in blocks])[order],
            (keys[order] % max(self.size, 1)).astype(np.int32),
            np.searchsorted(rows, np.arange(len(found[0]) + 1)).astype(np.int64),
        )

    def _block(self, number: int, found: list[Indices], shift: int) -> tuple[NDArray[np.int64], Floats]:
        """Weigh one block of many segments at once; return for each entry its key (row × size + column) and value."""
        lengths = [len(columns) for columns in found]
        if not sum(lengths):
            return np.empty(0, np.int64), np.empty(0, np.float32)
        rows = np.repeat(np.arange(len(found), dtype=np.int64), lengths)
        keys, counts = np.unique(rows * self.size + np.concatenate(found) + shift, return_counts=True)
        if number == 2:
            values = np.ones(len(keys), np.float32)
        else:
            values = (1 + np.log(counts, dtype=np.float32)) * self.idf[number][keys % self.size - shift]
        owner = keys // self.size
        norms = np.sqrt(np.bincount(owner, values * values, minlength=len(found)))
        return keys, (values * (BLOCK_WEIGHTS[number] / norms[owner])).astype(np.float32)

    def _letters_of(self, words: Sequence[str]) -> Indices:
        found: list[Indices] = []
        known = self._letters
        for word in words:
            columns = known.get(word)
            if columns is None:
                vocabulary = self.vocabularies[1]
                columns = np.array([vocabulary[part] for part in letters_of(word) if part in vocabulary], np.int32)
                if len(known) > 20_000:  # a bound for years of running, not for one batch
                    known.clear()
                known[word] = columns
            found.append(columns)
        return np.concatenate(found) if found else np.empty(0, np.int32)


def fit(contexts: Iterable[Context], least: int = 3) -> Vectorizer:
    """Learn the vocabulary: every feature that at least ``least`` segments show."""
    seen: tuple[Counter[str], Counter[str], Counter[str]] = (Counter(), Counter(), Counter())
    spelled: dict[str, tuple[str, ...]] = {}
    same: dict[str, str] = {}  # one string for equal letters: they are by far the most
    total = 0
    for context in contexts:
        total += 1
        words, written, cues = named_features(context)
        letters: set[str] = set()
        for word in written:
            if word not in spelled:
                spelled[word] = tuple(same.setdefault(letter, letter) for letter in letters_of(word))
            letters.update(spelled[word])
        for counter, features in zip(seen, (words, letters, cues), strict=True):
            counter.update(set(features))
    kept = [[name for name, count in counter.items() if count >= least] for counter in seen]
    idf = [
        np.array([np.log((1 + total) / (1 + counter[name])) + 1 for name in names], np.float32)
        for counter, names in zip(seen, kept, strict=True)
    ]
    vocabularies = [{name: column for column, name in enumerate(names)} for names in kept]
    return Vectorizer((vocabularies[0], vocabularies[1], vocabularies[2]), (idf[0], idf[1], idf[2]))
