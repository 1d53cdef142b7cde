"""A model file is checked before it is used: what a disk or a stranger did to it is told, and never trusted."""

import random
from pathlib import Path

import numpy as np
import pytest

from monitor.classification import model_file
from monitor.classification.corpus import read_corpus
from monitor.classification.model import Document, Model
from monitor.classification.serving import shipped_corpus
from monitor.classification.training import train
from monitor.errors import ModelError

LETTER = Document("Text", "Liebe Jana, könntest du mir bitte den Text für die Webseite schreiben? LG Eva")


@pytest.fixture(scope="module")
def small() -> Model:
    """A model of a few messages."""
    return train(read_corpus(shipped_corpus())[::60][:120], "small")


def test_what_was_saved_is_read_again_to_half_precision(small: Model, tmp_path: Path) -> None:
    model_file.save(small, tmp_path / "small.npz")

    read = model_file.load(tmp_path / "small.npz")

    assert read.version == "small"
    assert read.vectorizer.names() == small.vectorizer.names()
    np.testing.assert_allclose(read.weights, small.weights, rtol=1e-3, atol=1e-4)
    assert [one.type for one in read.classify([LETTER])[0].requests] == [
        one.type for one in small.classify([LETTER])[0].requests
    ]


def test_a_file_with_any_byte_changed_says_the_same_or_is_refused(small: Model, tmp_path: Path) -> None:
    file = tmp_path / "small.npz"
    model_file.save(small, file)
    whole, data = model_file.load(file), file.read_bytes()
    chance = random.Random(7)
    # The archive's own entries stand at its ends, and lead to the most different errors.
    places = [*range(0, 200, 5), *range(len(data) - 900, len(data), 5), *chance.sample(range(len(data)), 60)]

    refused = 0
    for place in places:
        changed = bytearray(data)
        changed[place] ^= chance.choice((0x01, 0x80, 0xFF))
        file.write_bytes(bytes(changed))
        try:
            read = model_file.load(file)
        except ModelError:
            refused += 1
        else:
            assert np.array_equal(read.weights, whole.weights)
            assert read.vectorizer.names() == whole.vectorizer.names()
    assert refused > len(places) / 2
    for size in (0, 10, len(data) // 2, len(data) - 1):
        file.write_bytes(data[:size])
        with pytest.raises(ModelError):
            model_file.load(file)
