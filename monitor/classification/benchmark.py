"""``make bench-model``: how well the starter model recognises, on mail that it never saw.

On the held-back tenth of the corpus, or with a file in which each line is one message:
``{"subject", "visible", "requests", "out_of_scope", "evidence"}``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from monitor.classification import model_file
from monitor.classification.corpus import Example, is_held_back, read_corpus
from monitor.classification.measuring import answers, auroc, calibration_error, score
from monitor.classification.model import (
    COLUMNS,
    OUT_OF_SCOPE,
    TYPES,
    Document,
    Model,
    asking_scores,
    consistent,
    pooled,
    sigmoid,
)
from monitor.classification.segments import segments_of
from monitor.classification.serving import shipped_corpus
from monitor.classification.teaching import Lesson, examples_of
from monitor.classification.training import train
from monitor.labels import Label, RequestType, Verdict

CURVE = (0, 10, 25, 50, 100, 200)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message with the right answers; each span of ``evidence`` holds an ask outside the agreement."""

    document: Document
    requests: tuple[RequestType, ...]
    out_of_scope: bool
    evidence: tuple[str, ...]

    @property
    def columns(self) -> np.ndarray:
        """The right answers (COLUMNS)."""
        asked = np.zeros(COLUMNS, np.bool_)
        asked[[TYPES.index(request) for request in self.requests]] = True
        asked[OUT_OF_SCOPE] = self.out_of_scope
        return asked


def read_labelled(file: Path) -> list[Labelled]:
    """Read a file of labelled messages, one JSON object a line."""
    with file.open(encoding="utf-8") as lines:
        entries = [json.loads(line) for line in lines if line.strip()]
    return [
        Labelled(
            Document(entry.get("subject", ""), entry["visible"]),
            tuple(RequestType(request) for request in entry["requests"]),
            bool(entry["out_of_scope"]),
            (entry["evidence"],) if entry.get("evidence") else (),
        )
        for entry in entries
    ]


def labelled_of(example: Example) -> Labelled:
    """Return an example of the corpus as a message to be measured on."""
    outside = zip(example.segments, example.labels[:, OUT_OF_SCOPE], strict=True)
    evidence = tuple(segment.text for segment, asks in outside if asks)
    return Labelled(Document(example.subject, example.text), example.requests, example.out_of_scope, evidence)


def report(model: Model, messages: Sequence[Labelled]) -> list[str]:
    """Return the lines of the report."""
    started = time.perf_counter()
    told = model.classify([message.document for message in messages])
    seconds = time.perf_counter() - started
    said, truth = answers(told), np.array([message.columns for message in messages])
    probabilities = _probabilities(model, messages)
    lines = [f"{'':20}{'precision':>10}{'recall':>8}{'F1':>8}{'support':>9}"]
    scores = [score(said[:, column], truth[:, column]) for column in range(COLUMNS)]
    for name, one in zip((*TYPES, "out_of_scope"), scores, strict=True):
        lines.append(f"{name:20}{one.precision:10.3f}{one.recall:8.3f}{one.f1:8.3f}{one.support:9}")
    macro = float(np.mean([one.f1 for one in scores[:OUT_OF_SCOPE]]))
    main = np.mean(
        [bool(t.requests) and t.requests[0].type is m.requests[0] for t, m in zip(told, messages, strict=True)]
    )
    unsure = np.array([one.unsure for one in told])
    right = said[:, OUT_OF_SCOPE] == truth[:, OUT_OF_SCOPE]
    types_ece = np.mean([calibration_error(probabilities[:, c], truth[:, c]) for c in range(OUT_OF_SCOPE)])
    scope = probabilities[:, OUT_OF_SCOPE]
    lines += [
        f"macro-F1 {macro:.3f}   main type {main:.3f}   (± {_interval(said, truth):.3f}, 95 % bootstrap of macro-F1)",
        f"out of scope: AUROC {auroc(scope, truth[:, OUT_OF_SCOPE]):.3f}, "
        f"ECE {calibration_error(scope, truth[:, OUT_OF_SCOPE]):.3f}; ECE of the types, mean {types_ece:.3f}",
        f"evidence hit {_evidence_hits(model, messages):.3f}",
        f"unsure {unsure.mean():.3f}; scope right {right.mean():.3f}, without the unsure {right[~unsure].mean():.3f}",
        f"{len(messages) / seconds:.0f} messages a second, the first time each",
    ]
    return lines


def _probabilities(model: Model, messages: Sequence[Labelled]) -> np.ndarray:
    documents = [message.document for message in messages]
    rows = model.segment_scores(documents, [segments_of(document.text) for document in documents])
    wholes = model.whole_scores(documents)
    described = np.array([pooled(one, whole) for one, whole in zip(rows, wholes, strict=True)])
    return consistent(sigmoid(described @ model.pooling.astype(np.float64) + model.pooling_bias))


def _evidence_hits(model: Model, messages: Sequence[Labelled]) -> float:
    """Return how often the segment that the model would quote holds a labelled span, or lies in one."""
    asked = [message for message in messages if message.out_of_scope and message.evidence]
    cut = [segments_of(message.document.text) for message in asked]
    scores = model.segment_scores([message.document for message in asked], cut)
    hits = 0
    for message, segments, rows in zip(asked, cut, scores, strict=True):
        if segments:
            shown = " ".join(segments[int(asking_scores(rows).argmax())].text.split())
            wanted = [" ".join(span.split()) for span in message.evidence]
            hits += any(span in shown or shown in span for span in wanted)
    return hits / max(len(asked), 1)


def _interval(said: np.ndarray, truth: np.ndarray, rounds: int = 300) -> float:
    """Return half the 95 % bootstrap interval of macro-F1 (Efron, Tibshirani 1993, chapter 13)."""
    generator = np.random.default_rng(0)
    drawn = []
    for _ in range(rounds):
        rows = generator.integers(0, len(said), len(said))
        drawn.append(np.mean([score(said[rows, c], truth[rows, c]).f1 for c in range(OUT_OF_SCOPE)]))
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(high - low) / 2


def curve(examples: Sequence[Example], starter: Model, messages: Sequence[Labelled]) -> list[str]:
    """Return what a coach's own labels bring: taught with the first, measured on the second half of the messages.

    The coach files by type and scope, as into folders.
    """
    order = sorted(messages, key=lambda message: hashlib.sha256(message.document.text.encode()).digest())
    half = max(len(order) - CURVE[-1], len(order) // 2)
    pool, measured = order[half:], order[:half]
    lines = [f"{'own labels':>12}{'macro-F1':>10}{'scope F1':>10}"]
    for amount in CURVE:
        if amount > len(pool):
            break
        lessons = [_lesson(number, message) for number, message in enumerate(pool[:amount])]
        model = train([*examples, *examples_of(lessons, starter)], "curve") if lessons else starter
        said = answers(model.classify([message.document for message in measured]))
        truth = np.array([message.columns for message in measured])
        macro = np.mean([score(said[:, c], truth[:, c]).f1 for c in range(OUT_OF_SCOPE)])
        lines.append(f"{amount:12}{macro:10.3f}{score(said[:, OUT_OF_SCOPE], truth[:, OUT_OF_SCOPE]).f1:10.3f}")
    return lines


def sizes(examples: Sequence[Example], messages: Sequence[Labelled]) -> list[str]:
    """Return what the size of the starter corpus brings: halves of halves of its personas."""
    groups = sorted({example.group for example in examples}, key=lambda g: hashlib.sha256(g.encode()).digest())
    truth = np.array([message.columns for message in messages])
    lines = [f"{'messages':>12}{'macro-F1':>10}{'scope F1':>10}"]
    for share in (0.06, 0.12, 0.25, 0.5, 1.0):
        chosen = set(groups[: max(8, int(len(groups) * share))])
        some = [example for example in examples if example.group in chosen]
        said = answers(train(some, "size").classify([message.document for message in messages]))
        macro = np.mean([score(said[:, c], truth[:, c]).f1 for c in range(OUT_OF_SCOPE)])
        lines.append(f"{len(some):12}{macro:10.3f}{score(said[:, OUT_OF_SCOPE], truth[:, OUT_OF_SCOPE]).f1:10.3f}")
    return lines


def _lesson(number: int, message: Labelled) -> Lesson:
    scope = Verdict.OUT_OF_SCOPE if message.out_of_scope else Verdict.IN_SCOPE
    filed: frozenset[Label] = frozenset({*message.requests, scope})
    return Lesson(str(number), f"client{number}@x.example", "2026-01", message.document, filed, frozenset())


def shuffled(examples: Sequence[Example], seed: int = 0) -> list[Example]:
    """Return the examples with each one's answers given to another: nothing can be learned from them."""
    generator = np.random.default_rng(seed)
    order = generator.permutation(len(examples))
    mixed: list[Example] = []
    for example, other in zip(examples, (examples[int(place)] for place in order), strict=True):
        labels = np.zeros((len(example.segments), COLUMNS), np.bool_)
        for column in np.flatnonzero(other.columns):
            labels[generator.integers(0, len(example.segments)), column] = True
        mixed.append(replace(example, labels=labels, requests=other.requests, out_of_scope=other.out_of_scope))
    return mixed


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description="Measure the starter model on mail that it never saw.")
    parser.add_argument("data", nargs="?", type=Path, help="labelled messages, one JSON object a line")
    parser.add_argument("--quick", action="store_true", help="without learning curve and control")
    options = parser.parse_args()
    corpus = read_corpus(shipped_corpus())
    examples = [example for example in corpus if not is_held_back(example)]
    if options.data:
        messages, title = read_labelled(options.data), options.data.name
    else:
        messages, title = [labelled_of(example) for example in corpus if is_held_back(example)], "held-back personas"
    started = time.perf_counter()
    model = train(examples, "benchmark")
    seconds = time.perf_counter() - started
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.npz"
        model_file.save(model, file)
        size = file.stat().st_size / 1e6
        model = model_file.load(file)
    trained = f"Trained on {len(examples)} synthetic messages in {seconds:.0f} s"
    print(f"{trained}, {model.vectorizer.size} features, {size:.1f} MB.")
    print(f"Measured on {len(messages)} messages ({title}).\n")
    print("\n".join(report(model, messages)))
    if options.quick:
        return
    print("\nBy the size of the starter corpus")
    print("\n".join(sizes(examples, messages)))
    print("\nLearning curve: the coach's own labels beside the starter corpus")
    print("\n".join(curve(examples, model, messages)))
    control = train(shuffled(examples), "control")
    said = answers(control.classify([message.document for message in messages]))
    truth = np.array([message.columns for message in messages])
    macro = np.mean([score(said[:, c], truth[:, c]).f1 for c in range(OUT_OF_SCOPE)])
    print(f"\nControl with shuffled labels: macro-F1 {macro:.3f} (near chance, as it must be)")


if __name__ == "__main__":
    main()
