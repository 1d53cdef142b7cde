"""Which model serves: the coach's own if there is one that loads, else the starter model, built from text."""

from __future__ import annotations

import fcntl
import hashlib
from importlib.metadata import version
from pathlib import Path

from monitor.assets import shipped
from monitor.classification import model_file, versions
from monitor.classification.model import Model
from monitor.errors import ModelError

SOURCES = ("corpus", "cues", "features", "folding", "model", "segments", "training", "vectorizer", "word_fields")
"""The modules that decide what a model is; a change in one makes a new starter model."""


def shipped_corpus() -> Path:
    """Return the folder of the starter corpus."""
    return shipped("models") / "corpus"


def serving_model(folder: Path, corpus: Path | None = None, *, outdated: bool = False) -> Model:
    """Return the model that serves; ``folder`` keeps the models, ``corpus`` holds the starter corpus (the shipped one).

    With ``outdated`` a starter model of an earlier program may serve while the present one is being built. The coach's
    model goes on serving while another one is being built, also after an update of scikit-learn: its weights are plain
    numbers. Building the starter model takes up to a minute and imports scikit-learn.
    """
    serving = versions.read(folder).serving
    if serving is not None:
        try:
            return model_file.load(folder / f"{serving}.npz")
        except ModelError:
            pass  # of another format, or damaged: the starter model serves until the next retraining
    if outdated and (earlier := _earlier_starter(folder, corpus)) is not None:
        return earlier
    return starter_model(folder, corpus)


def is_outdated(model: Model, corpus: Path | None = None) -> bool:
    """Whether a model is the starter model of an earlier program, or of another version of scikit-learn."""
    return model.version.startswith("starter-") and model.version != f"starter-{starter_fingerprint(corpus)}"


def _earlier_starter(folder: Path, corpus: Path | None) -> Model | None:
    if (folder / f"starter-{starter_fingerprint(corpus)}.npz").is_file():
        return None
    for file in sorted(folder.glob("starter-*.npz"), key=lambda file: -file.stat().st_mtime):
        try:
            return model_file.load(file)
        except ModelError:
            continue  # of another format
    return None


def starter_model(folder: Path, corpus: Path | None = None) -> Model:
    """Return the starter model, building it where there is none that fits this program."""
    corpus = corpus or shipped_corpus()
    fingerprint = starter_fingerprint(corpus)
    file = folder / f"starter-{fingerprint}.npz"
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
            model_file.save(_build(corpus, fingerprint), file)
            _remove_older(folder, file)
            return model_file.load(file)  # as everybody after this one reads it: the file rounds


def _build(corpus: Path, fingerprint: str) -> Model:
    from monitor.classification.corpus import is_held_back, read_corpus
    from monitor.classification.training import train

    examples = [example for example in read_corpus(corpus) if not is_held_back(example)]
    return train(examples, f"starter-{fingerprint}")


def _remove_older(folder: Path, present: Path) -> None:
    for file in folder.glob("starter-*.npz"):
        if file != present:
            file.unlink(missing_ok=True)


def starter_fingerprint(corpus: Path | None = None) -> str:
    """Identify the starter model: its texts, the code that reads them, and scikit-learn's version."""
    digest = hashlib.sha256(f"scikit-learn {version('scikit-learn')}\n".encode())
    for file in sorted((corpus or shipped_corpus()).glob("*.jsonl")):
        digest.update(file.read_bytes())
    for module in SOURCES:
        digest.update((Path(__file__).parent / f"{module}.py").read_bytes())
    return digest.hexdigest()[:12]
