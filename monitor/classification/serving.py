"""Which model serves: the one on disk if it fits this program, else one built anew from text."""

from __future__ import annotations

import fcntl
import hashlib
from importlib.metadata import version
from pathlib import Path

from monitor.assets import shipped
from monitor.classification import model_file
from monitor.classification.model import Model
from monitor.errors import ModelError

SOURCES = ("corpus", "cues", "features", "model", "segments", "training", "vectorizer")
"""The modules that decide what a model is; a change in one makes a new starter model."""


def serving_model(folder: Path) -> Model:
    """Return the model that serves, building the starter model where there is none that fits.

    ``folder`` keeps the models. Building takes some seconds and imports scikit-learn.
    """
    file = folder / f"starter-{starter_fingerprint()}.npz"
    try:
        return model_file.load(file)
    except ModelError:
        pass
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".building").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two processes at first start build one model
        try:
            return model_file.load(file)
        except ModelError:
            model = _build()
            model_file.save(model, file)
            return model


def _build() -> Model:
    from monitor.classification.corpus import is_held_back, read_corpus
    from monitor.classification.training import train

    examples = [example for example in read_corpus(shipped("models") / "corpus") if not is_held_back(example)]
    return train(examples, f"starter-{starter_fingerprint()}")


def starter_fingerprint() -> str:
    """Identify the starter model: its texts, the code that reads them, and scikit-learn's version."""
    digest = hashlib.sha256(f"scikit-learn {version('scikit-learn')}\n".encode())
    for file in sorted((shipped("models") / "corpus").glob("*.jsonl")):
        digest.update(file.read_bytes())
    for module in SOURCES:
        digest.update((Path(__file__).parent / f"{module}.py").read_bytes())
    return digest.hexdigest()[:12]
