"""How the work grows with messages, clients and examples: nothing may grow faster than they do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.clients import AS_OF, machine_with
from bench.footprint import Cost, run
from bench.mailbox import TEXT_ONLY
from bench.report import Bar, Report, megabytes, number
from bench.world import PYTHON, World, tell

PLOT = Path(__file__).resolve().parents[2] / "docs" / "growth.svg"
CLIENTS = (25, 50, 100, 200)
EXAMPLES = (1_500, 3_000, 6_000, 12_000)
MOST = 2.5
"""What a doubling may cost; linear is 2, quadratic 4."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one kind of work costs at doubling sizes."""

    work: str
    unit: str
    sizes: Sequence[int]
    costs: Sequence[Cost]

    @property
    def last_doubling(self) -> float:
        """How much longer the largest takes than the one before: there the constant share is smallest."""
        return self.costs[-1].seconds / self.costs[-2].seconds


def growth(world: World) -> Report:
    """Measure each kind of work at four sizes, and draw the plot."""
    report, most = Report(), world.amounts.growth_count
    sizes = [most // 8, most // 4, most // 2, most]
    world.mailbox(max(most, world.amounts.memory_count), TEXT_ONLY)  # the others are parts of it
    lines = [
        _line("first look", "messages", sizes, lambda count: _first_look(world, count)),
        _line("judgement and digest", "clients", CLIENTS, lambda count: _digest(world, count)),
        _line("retraining", "examples", EXAMPLES, _training),
    ]
    for line in lines:
        rows = [
            [f"{size:,}", number(cost.seconds), _times(line.costs, place), number(cost.cpu), megabytes(cost.peak)]
            for place, (size, cost) in enumerate(zip(line.sizes, line.costs, strict=True))
        ]
        report.say(f"{line.work[0].upper()}{line.work[1:]}:")
        report.table((line.unit, "s", "× the half", "CPU s", "peak MB"), rows)
        report.bars.append(
            Bar(f"{line.work[0].upper()}{line.work[1:]}, times as long for twice as much", line.last_doubling, MOST)
        )
    draw(lines, PLOT if world.amounts.are_written else world.scratch / PLOT.name)
    return report


def _line(work: str, unit: str, sizes: Sequence[int], measure: Callable[[int], Cost]) -> Line:
    costs = []
    for size in sizes:
        costs.append(measure(size))
        tell(f"{work}, {size:,} {unit}: {costs[-1].seconds:.2f} s")
    return Line(work, unit, sizes, costs)


def _first_look(world: World, count: int) -> Cost:
    return world.first_look(world.mailbox(count, TEXT_ONLY), world.amounts.clients)


def _digest(world: World, count: int) -> Cost:
    machine, _ = machine_with(world, count)
    command = machine.command("digest", "--as-of", AS_OF, "--output", machine.folder / "digest.txt")
    costs = [run(command, machine.environment, machine.folder) for _ in range(world.amounts.rounds)]
    return sorted(costs, key=lambda cost: cost.seconds)[len(costs) // 2]


def _training(count: int) -> Cost:
    cost = run([*PYTHON, "bench.training", str(count)])
    return Cost(float(cost.out.split()[0]), cost.cpu, cost.peak)


def _times(costs: Sequence[Cost], place: int) -> str:
    return number(costs[place].seconds / costs[place - 1].seconds) if place else ""


def draw(lines: Sequence[Line], file: Path) -> None:
    """Draw seconds over size on logarithmic axes, each line beside a dotted one that is exactly linear."""
    import matplotlib as mpl

    mpl.use("svg")
    # Text as text, and the same identifiers each time, so that versions of the file can be compared.
    mpl.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "growth", "font.size": 9}
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, len(lines), figsize=(9, 3), layout="constrained")
    for axis, line in zip(axes, lines, strict=True):
        seconds = [cost.seconds for cost in line.costs]
        linear = [seconds[-1] * size / line.sizes[-1] for size in line.sizes]
        axis.loglog(line.sizes, linear, ":", color="0.5", label="linear")
        axis.loglog(line.sizes, seconds, "o-", color="tab:blue", label="measured")
        axis.set(title=line.work, xlabel=line.unit, ylabel="seconds")
        axis.set_xticks(line.sizes, [f"{size:,}" for size in line.sizes])
        axis.minorticks_off()
        low, high = min(*linear, *seconds), max(seconds)
        ticks = [step * 10**power for power in range(-3, 5) for step in (1, 2, 5)]
        axis.set_yticks(shown := [tick for tick in ticks if low / 2 <= tick <= high * 2], [f"{t:g}" for t in shown])
        axis.legend(frameon=False)
    figure.savefig(file, metadata={"Date": None, "Creator": None})
    pyplot.close(figure)
