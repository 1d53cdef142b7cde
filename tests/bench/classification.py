"""Classification beside bogofilter's, on the same texts, each on one core."""

from __future__ import annotations

import json
import os
from functools import partial
from pathlib import Path

from bench.first_look import rounds_of
from bench.footprint import Cost, run
from bench.mailbox import TEXT_ONLY, mails
from bench.report import Report, in_rounds, megabytes, number
from bench.world import PYTHON, World
from monitor.classification.corpus import read_corpus
from monitor.classification.serving import shipped_corpus

OURS, BOGOFILTER = "**this program**: fourteen answers and their evidence", "bogofilter: spam or not"
HEADS = ("", "messages/s", "s", "ratio of time", "peak MB")


def classification(world: World) -> Report:
    """Classify the own words of made mails; bogofilter has learned from the starter corpus what is out of scope."""
    report, count = Report(), world.amounts.texts
    texts = [(mail.subject, mail.own) for mail in mails(count, TEXT_ONLY)]
    folder = world.folder()
    listed = "\n".join(str(file) for file in _written(folder / "texts", texts))
    learned = folder / "learned"
    learned.mkdir()
    examples = read_corpus(shipped_corpus())
    for option, outside in (("-s", True), ("-n", False)):
        chosen = [(one.subject, one.text) for one in examples if one.out_of_scope is outside]
        taught = "\n".join(str(file) for file in _written(folder / option, chosen))
        run(["bogofilter", "-C", "-d", str(learned), option, "-b"], told=taught)
    lines = "\n".join(json.dumps(text) for text in texts)
    costs = rounds_of(
        {
            OURS: partial(_ours, world.model, lines),
            BOGOFILTER: partial(_bogofilter, learned, listed, count),
        },
        world.amounts.rounds,
    )
    characters = sum(len(subject) + len(text) for subject, text in texts) / count
    report.say(
        f"{count:,} texts of {characters:.0f} characters on average, one core each, {in_rounds(world.amounts.rounds)}. "
        "This program's start is left out, bogofilter's is in:"
    )
    report.table(
        HEADS,
        [
            [
                name,
                number(count / cost.seconds),
                number(cost.seconds),
                number(cost.seconds / costs[BOGOFILTER].seconds),
                megabytes(cost.peak),
            ]
            for name, cost in costs.items()
        ],
    )
    return report


def _ours(model: Path, lines: str) -> Cost:
    one_thread = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    cost = run(_on_one_core([*PYTHON, "bench.classifying", str(model)]), one_thread, told=lines)
    return Cost(float(cost.out.split()[1]), cost.cpu, cost.peak)


def _bogofilter(learned: Path, listed: str, count: int) -> Cost:
    # Its exit code is the verdict on the last text.
    cost = run(_on_one_core(["bogofilter", "-C", "-d", str(learned), "-T", "-b"]), told=listed, fine=(0, 1, 2))
    if cost.out.count("\n") != count:
        raise RuntimeError(f"bogofilter has judged {cost.out.count(chr(10))} of {count} texts")
    return cost


def _on_one_core(command: list[str]) -> list[str]:
    return ["taskset", "-c", str(min(os.sched_getaffinity(0))), *command]


def _written(folder: Path, texts: list[tuple[str, str]]) -> list[Path]:
    folder.mkdir()
    files = []
    for place, (subject, text) in enumerate(texts):
        files.append(folder / f"{place}.eml")
        head = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
        files[-1].write_text(f"Subject: {subject}\n{head}\n{text}\n", encoding="utf-8")
    return files
