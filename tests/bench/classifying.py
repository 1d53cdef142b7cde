"""Classify texts: ``python -m bench.classifying MODEL < FILE``, one JSON list of subject and text a line.

Prints the seconds that loading the model took, and those of classifying.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from monitor.classification import model_file
from monitor.classification.model import Document

BATCH = 200


def main() -> None:
    """Classify in batches, as the service does."""
    begun = time.perf_counter()
    model = model_file.load(Path(sys.argv[1]))
    loaded = time.perf_counter()
    documents = [Document(*json.loads(line)) for line in sys.stdin]
    read = time.perf_counter()
    for start in range(0, len(documents), BATCH):
        model.classify(documents[start : start + BATCH])
    print(f"{loaded - begun:.4f} {time.perf_counter() - read:.4f}")


if __name__ == "__main__":
    main()
