"""Features to a sparse matrix: which column, which weight. Needs numpy alone, so that classifying starts fast."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from sys import intern

import numpy as np
from numpy.typing import NDArray

from monitor.classification.features import Context, cues_around, has_letters, letters_of, pairs_of, words_of

Floats = NDArray[np.float32]
Indices = NDArray[np.int32]

_WORD, _PAIR = "w:", "b:"  # how words and pairs of them are named
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

    words: dict[str, int]  # to their columns, those of pairs among them; so are letters and cues, each from 0 on
    pairs: dict[tuple[str, str], int]
    letters: dict[str, int]
    cues: dict[str, int]
    idf: tuple[Floats, Floats, Floats]
    _letters_of: dict[str, array[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, names: Sequence[Sequence[str]], idf: Sequence[Floats]) -> Vectorizer:
        """Return the vectorizer of three blocks (words, letters, cues), given the names and weights of their columns.

        Raises ValueError for what is no name.
        """
        named, letters, cues = ({name: column for column, name in enumerate(block)} for block in names)
        pairs = ((name.removeprefix(_PAIR).split("_"), at) for name, at in named.items() if name.startswith(_PAIR))
        return cls(
            {intern(name.removeprefix(_WORD)): at for name, at in named.items() if name.startswith(_WORD)},
            {(intern(one), intern(two)): at for (one, two), at in pairs},
            letters,
            cues,
            (idf[0], idf[1], idf[2]),
        )

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Number of columns of each block."""
        return len(self.words) + len(self.pairs), len(self.letters), len(self.cues)

    @property
    def size(self) -> int:
        """Number of columns."""
        return sum(self.sizes)

    def blocks(self) -> tuple[list[str], list[str], list[str]]:
        """Return the names of the columns of each block, as ``of`` takes them."""
        named = {at: _WORD + word for word, at in self.words.items()}
        named |= {at: f"{_PAIR}{one}_{two}" for (one, two), at in self.pairs.items()}
        return [named[at] for at in range(len(named))], list(self.letters), list(self.cues)

    def names(self) -> list[str]:
        """Return the feature of each column; letters are marked with ``l:``."""
        words, letters, cues = self.blocks()
        return [*words, *(f"l:{letter}" for letter in letters), *cues]

    def rows(self, contexts: Iterable[Context]) -> Rows:
        """Return one row per segment; features that were never seen in training are left out."""
        single, pairs, cues_at = self.words, self.pairs, self.cues
        found = (array("i"), array("i"), array("i"))
        ends: tuple[list[int], list[int], list[int]] = ([], [], [])
        for context in contexts:
            words = words_of(context.text)
            found[0].extend([single[word] for word in words if word in single])
            found[0].extend([pairs[pair] for pair in pairs_of(words) if pair in pairs])
            for word in words:
                found[1].extend(self._letters(word))
            found[2].extend([cues_at[cue] for cue in cues_around(context) if cue in cues_at])
            for each, end in zip(found, ends, strict=True):
                end.append(len(each))
        shifts = (0, self.sizes[0], sum(self.sizes[:2]))
        blocks = [self._block(number, found[number], ends[number], shifts[number]) for number in range(3)]
        keys = np.concatenate([block[0] for block in blocks])
        order = np.argsort(keys, kind="stable")
        rows = keys[order] // self.size if self.size else keys
        return Rows(
            np.concatenate([block[1] for block in blocks])[order],
            (keys[order] % max(self.size, 1)).astype(np.int32),
            np.searchsorted(rows, np.arange(len(ends[0]) + 1)).astype(np.int64),
        )

    def _block(
        self, number: int, found: array[int], ends: Sequence[int], shift: int
    ) -> tuple[NDArray[np.int64], Floats]:
        """Weigh one block of many segments at once; return for each entry its key (row × size + column) and value."""
        if not found:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        rows = np.repeat(np.arange(len(ends), dtype=np.int64), np.diff(ends, prepend=0))
        columns = np.frombuffer(found, np.intc)
        keys, counts = np.unique(rows * self.size + columns + shift, return_counts=True)
        if number == 2:
            values = np.ones(len(keys), np.float32)
        else:
            values = (1 + np.log(counts, dtype=np.float32)) * self.idf[number][keys % self.size - shift]
        owner = keys // self.size
        norms = np.sqrt(np.bincount(owner, values * values, minlength=len(ends)))
        return keys, (values * (BLOCK_WEIGHTS[number] / norms[owner])).astype(np.float32)

    def _letters(self, word: str) -> array[int]:
        columns = self._letters_of.get(word)
        if columns is None:
            parts = letters_of(word) if has_letters(word) else ()
            columns = array("i", [self.letters[part] for part in parts if part in self.letters])
            if len(self._letters_of) > 20_000:  # a bound for years of running, not for one batch
                self._letters_of.clear()
            self._letters_of[word] = columns
        return columns


def fit(contexts: Iterable[Context], least: int = 3) -> Vectorizer:
    """Learn the vocabulary: every feature that at least ``least`` segments show."""
    seen: tuple[Counter[str], Counter[str], Counter[str]] = (Counter(), Counter(), Counter())
    spelled: dict[str, tuple[str, ...]] = {}
    same: dict[str, str] = {}  # one string for equal letters: they are by far the most
    total = 0
    for context in contexts:
        total += 1
        words = words_of(context.text)
        named = [*(_WORD + word for word in words), *(f"{_PAIR}{one}_{two}" for one, two in pairs_of(words))]
        letters: set[str] = set()
        for word in filter(has_letters, words):
            if word not in spelled:
                spelled[word] = tuple(same.setdefault(letter, letter) for letter in letters_of(word))
            letters.update(spelled[word])
        for counter, features in zip(seen, (named, letters, cues_around(context)), strict=True):
            counter.update(set(features))
    kept = [[name for name, count in counter.items() if count >= least] for counter in seen]
    idf = [
        np.array([np.log((1 + total) / (1 + counter[name])) + 1 for name in names], np.float32)
        for counter, names in zip(seen, kept, strict=True)
    ]
    return Vectorizer.of(kept, idf)
