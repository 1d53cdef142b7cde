"""Train a model on a part of the starter corpus: ``python -m bench.training COUNT``; prints the seconds of it."""

from __future__ import annotations

import sys
import time

from monitor.lean_process import be_lean


def main() -> None:
    """Train on every nth example, so that all kinds are there, with one thread as ``retrain`` does."""
    be_lean()
    from monitor.classification.corpus import read_corpus
    from monitor.classification.serving import shipped_corpus
    from monitor.classification.training import train

    wanted, corpus = int(sys.argv[1]), read_corpus(shipped_corpus())
    examples = [corpus[number * len(corpus) // wanted] for number in range(wanted)]
    begun = time.perf_counter()
    train(examples, "bench")
    print(f"{time.perf_counter() - begun:.3f} {len(examples)}")


if __name__ == "__main__":
    main()
