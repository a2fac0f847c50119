"""What a benchmark found, beside what it has to reach, and how it is printed."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, TypeVar

Case = TypeVar("Case")


@dataclass(frozen=True)
class Figure:
    """One line of the table. `ratio` and `floor` are absent where there is no bare SQL to hold the work against."""

    work: str
    must: str
    met: bool
    p50: float | None = None  # milliseconds, as is all time here
    p95: float | None = None
    floor: float | None = None
    ratio: float | None = None
    found: str = ""  # what the columns have no place for


@dataclass(frozen=True)
class Beside:
    """Work and its floor, measured in turns so that a busy machine slows both."""

    p50: float
    p95: float
    floor: float
    ratio: float
    spread: tuple[float, float]

    def figure(self, work: str, most: float, found: str = "") -> Figure:
        """The line of the table, held against `most` times the floor."""
        spread = f"ratio of the runs {self.spread[0]:.2f}–{self.spread[1]:.2f}"
        return Figure(
            work=work,
            must=f"≤ {most:g} × floor",
            met=self.ratio <= most,
            p50=self.p50,
            p95=self.p95,
            floor=self.floor,
            ratio=self.ratio,
            found=", ".join(filter(None, (found, spread))),
        )


def percentile(times: Iterable[float], share: float) -> float:
    """The value below which that share of the times lies, straight between neighbours."""
    ordered = sorted(times)
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def milliseconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    started = perf_counter()
    work()
    return (perf_counter() - started) * 1000


def beside(
    cases: Sequence[Case],
    ours: Callable[[Case], object],
    floor: Callable[[Case], object],
    *,
    runs: int = 5,
    warm: int = 6,
) -> Beside:
    """Both kinds of work over the same cases, one after the other; the median of the runs' ratios of medians."""
    for case in cases[:warm]:
        ours(case)
        floor(case)
    halves, all_ours, all_floor = [], [], []
    for _run in range(runs):
        times = [(milliseconds(lambda: floor(case)), milliseconds(lambda: ours(case))) for case in cases]  # noqa: B023
        floors, own = [one[0] for one in times], [one[1] for one in times]
        halves.append(statistics.median(own) / statistics.median(floors))
        all_ours += own
        all_floor += floors
    return Beside(
        statistics.median(all_ours),
        percentile(all_ours, 0.95),
        statistics.median(all_floor),
        statistics.median(halves),
        (min(halves), max(halves)),
    )


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    lines = ["| work | p50 | p95 | floor p50 | ratio | must | | |", "|---|--:|--:|--:|--:|---|---|---|"]
    for one in figures:
        cells: list[Any] = [
            one.work,
            _number(one.p50, " ms"),
            _number(one.p95, " ms"),
            _number(one.floor, " ms"),
            _number(one.ratio, " ×"),
            one.must,
            "ok" if one.met else "**miss**",
            one.found,
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return f"{value:.2f}{unit}" if value < 20 else f"{value:.0f}{unit}"
