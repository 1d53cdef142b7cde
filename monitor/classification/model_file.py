"""Keep a model on disk and check it before use: plain arrays and names, no code.

The file is a NumPy archive that is read with pickles forbidden. Its ``about`` entry states the format, the
version, the columns, and a checksum over all other entries.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.classification.model import COLUMNS, OUT_OF_SCOPE, POOLED, SEGMENT_COLUMNS, TYPES, Model
from monitor.classification.vectorizer import Vectorizer
from monitor.errors import ModelError

FORMAT = 3
MAX_BYTES = 64 * 1024 * 1024
_BLOCKS = ("words", "letters", "cues")


def save(model: Model, file: Path) -> None:
    """Write a model aside, then rename it into place, readable by its owner alone."""
    arrays: dict[str, NDArray[Any]] = {name: getattr(model, name) for name in _shapes(model.vectorizer.size)}
    for name in ("weights", "whole_weights"):
        arrays[name] = arrays[name].astype(np.float16)  # half the file; the rounding is far below the noise
    for block, named, idf in zip(_BLOCKS, model.vectorizer.blocks(), model.vectorizer.idf, strict=True):
        arrays[block] = np.frombuffer("\n".join(named).encode(), np.uint8)
        arrays[f"{block}_idf"] = idf
    about = {
        "format": FORMAT,
        "version": model.version,
        "columns": [*map(str, TYPES), "out_of_scope"],
        "checksum": _checksum(arrays),
    }
    arrays["about"] = np.frombuffer(json.dumps(about).encode(), np.uint8)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, aside = tempfile.mkstemp(dir=file.parent, prefix=".model-")
    try:
        with os.fdopen(descriptor, "wb") as opened:
            np.savez_compressed(opened, allow_pickle=False, **arrays)
            opened.flush()
            os.fsync(opened.fileno())
        Path(aside).replace(file)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def load(file: Path) -> Model:
    """Read a model; raises ModelError if the file is missing, damaged, or of another format."""
    try:
        if file.stat().st_size > MAX_BYTES:
            raise ModelError("The model file is larger than any model of this product.", "Remove it: it is built anew.")
        with np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        about = json.loads(bytes(arrays.pop("about")))
        if about.get("format") != FORMAT or about.get("columns") != [*map(str, TYPES), "out_of_scope"]:
            raise ModelError("The model file is of another format.", "Remove it: it is built anew.")
        if about.get("checksum") != _checksum(arrays):
            raise ModelError("The model file is damaged.", "Remove it: it is built anew.")
        return _checked(str(about["version"]), arrays)
    except FileNotFoundError as error:
        raise ModelError("There is no model file.", "It is built at the next start.") from error
    except ModelError:
        raise
    except Exception as error:  # a damaged archive leads those who read it to nearly any error
        raise ModelError("The model file cannot be read.", "Remove it: it is built anew.") from error


def _checked(version: str, arrays: dict[str, NDArray[Any]]) -> Model:
    names = [bytes(arrays[block]).decode().split("\n") if len(arrays[block]) else [] for block in _BLOCKS]
    idf = [arrays[f"{block}_idf"].astype(np.float32) for block in _BLOCKS]
    vectorizer = Vectorizer.of(names, idf)
    wanted = _shapes(vectorizer.size)
    for name, shape in wanted.items():
        if arrays[name].shape != shape or not np.isfinite(arrays[name]).all():
            raise ValueError(name)
    for size, named, weights in zip(vectorizer.sizes, names, idf, strict=True):
        if not size == len(named) == len(weights):
            raise ValueError("vocabulary")
    return Model(version, vectorizer, **{name: arrays[name].astype(np.float32) for name in wanted})


def _shapes(features: int) -> dict[str, tuple[int, ...]]:
    """Return the arrays of a model with their shapes."""
    return {
        "weights": (features, SEGMENT_COLUMNS),
        "bias": (SEGMENT_COLUMNS,),
        "whole_weights": (features, COLUMNS),
        "whole_bias": (COLUMNS,),
        "pooling": (POOLED, COLUMNS),
        "pooling_bias": (COLUMNS,),
        "main": (POOLED, OUT_OF_SCOPE),
        "main_bias": (OUT_OF_SCOPE,),
        "thresholds": (COLUMNS,),
    }


def _checksum(arrays: dict[str, NDArray[Any]]) -> str:
    digest = hashlib.sha256()
    for name in sorted(arrays):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(arrays[name]).tobytes())
    return digest.hexdigest()
