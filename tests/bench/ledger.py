"""The ledger against the truth of paired years: the same seed with and without its causes.

One run is a network's year, fed to the ledger as records. What the ledger says of each site, cost and month
is set beside what the year and its twins truly differ by. Runs are kept line by line, so that a long series
may be cut at any time and goes on where it stopped.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from app.analytics.costs.books import Book
from app.analytics.costs.kept import FACTS
from app.analytics.costs.month import RULES
from tests.bench.paired.fed import booked_twice, books_by_the_whole_path, books_of_year, told_of
from tests.bench.paired.truth import Paired, paired
from tests.bench.paired.world import Habits

STATIONS, BIG = 10, 100
SEEDS = 200
EFFECTS = (0.0, 0.0, 0.1, 0.2, 0.3)
"""What share of known drivers a bad experience drives away, seed by seed; newcomers three times as many."""
COSTS = ("lost-revenue", "manpower", "brand", "data", "maintenance", "expansion", "churn")
FOLLOWED = ("brand", "churn")
OF_DRIVERS = ("lost-revenue", "expansion", *FOLLOWED)
SETTLED = 3
"""Before so many months of records nobody is known well enough to be told from a newcomer."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A site, cost and month: the truth and what the ledger says. `told` False: nothing was booked."""

    site: str
    cost: str
    month: str
    truth: float
    amount: float
    low: float
    high: float
    told: bool

    @property
    def held(self) -> bool:
        """Whether the range holds the truth, to the cent."""
        return self.low - 0.011 <= self.truth <= self.high + 0.011

    @property
    def empty(self) -> bool:
        """Whether there was nothing and nothing was said."""
        return not self.told and abs(self.truth) < 0.005


@dataclass(frozen=True, slots=True)
class Run:
    """A seed's year."""

    seed: int
    stations: int
    effect: float
    often: float
    margin: float
    cells: tuple[Cell, ...]
    called: tuple[str, ...]
    """Costs of drivers who left that the year's books call one: something is booked and its range above 0."""
    exposed: int
    twice: tuple[str, ...]
    moved: int
    cpu_s: float
    whole: bool = False


def run(
    seed: int, stations: int = STATIONS, effect: float = 0.2, often: float = 1.0, *, whole: bool = False
) -> Run:
    """One seed's year, fed and compared; `whole`: as messages through the whole path."""
    begun = time.process_time()
    year = paired(seed, stations, often=often, habits=Habits(effect, min(0.6, 3 * effect)))
    books = (books_by_the_whole_path if whole else books_of_year)(year)
    test = [book.churn_test for book in books if book.churn_test is not None]
    return Run(
        seed, stations, effect, often, year.margin, tuple(_cells(year, books, whole)), _called(books),
        sum(one.exposed for one in test), tuple(booked_twice(books)), sum(len(b.moved) for b in books),
        time.process_time() - begun, whole,
    )  # fmt: skip


def _cells(year: Paired, books: Sequence[Book], whole: bool) -> Iterable[Cell]:
    told = told_of(books)
    pending = {(one.cost.value, book.period) for book in books for one in book.pending}
    for site in year.sites:
        # What people did, and what could not be proved, is not in messages.
        for cost in (cost for cost in COSTS if not whole or cost in OF_DRIVERS):
            for n, month in enumerate(year.months):
                if cost in FOLLOWED and (n < SETTLED or (cost, month) in pending):
                    continue
                found = told.get((site.name, cost, month))
                truth = year.truth.get((site.name, cost, month), 0.0)
                if cost == "expansion":
                    # Only the best next site is booked: only there is there something to compare.
                    truth = max(0.0, year.one_more[site.name, month]) if found is not None else 0.0
                amount, low, high = (found.amount, found.low, found.high) if found else (0.0, 0.0, 0.0)
                yield Cell(site.name, cost, month, truth, amount, low, high, found is not None)


def _called(books: Sequence[Book]) -> tuple[str, ...]:
    found = set()
    for book in books:
        for cost in FOLLOWED:
            mine = [p for p in book.parts if p.cost.value == cost and p.amount and p.low is not None]
            # Churn is booked only where its range lies above zero; brand always.
            if mine and (cost == "churn" or sum(p.low for p in mine if p.low is not None) > 0):
                found.add(cost)
    return tuple(sorted(found))


def keep(file: Path, one: Run) -> None:
    """Add a run to a series."""
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps(asdict(one)) + "\n")


def kept(file: Path) -> list[Run]:
    """The runs of a series."""
    if not file.exists():
        return []
    found = []
    for line in file.read_text("utf-8").splitlines():
        body = json.loads(line)
        cells = tuple(Cell(**cell) for cell in body.pop("cells"))
        body["called"], body["twice"] = tuple(body["called"]), tuple(body["twice"])
        found.append(Run(cells=cells, **body))
    return found


def series(
    file: Path, seeds: Iterable[int], stations: int = STATIONS, often: float = 1.0, *, whole: bool = False
) -> list[Run]:
    """Runs of these seeds, those that are kept left out; each with the effect of its place."""
    kind = (stations, often, whole)
    known = {one.seed for one in kept(file) if (one.stations, one.often, one.whole) == kind}
    for seed in seeds:
        if seed in known:
            continue
        one = run(seed, stations, EFFECTS[seed % len(EFFECTS)], often, whole=whole)
        keep(file, one)
        mine = [cell for cell in one.cells if cell.cost == COSTS[0]]
        truth, told = sum(cell.truth for cell in mine), sum(cell.amount for cell in mine)
        print(
            f"  seed {seed}: {one.cpu_s:.1f} s, lost {truth:.0f}, told {told:.0f}",
            file=sys.stderr,
            flush=True,
        )
    return [one for one in kept(file) if (one.stations, one.often, one.whole) == kind]


def everything(seeds: int = SEEDS) -> tuple[list[Run], list[Run], list[Run], list[Run]]:
    """All series: of few stations, of a hundred, of those where nothing goes wrong, through the whole path.

    Kept in a file of the machine's temporary folder, which a changed ledger does not go on with.
    """
    file = Path(tempfile.gettempdir()) / f"forecourt-bench-ledger-{RULES}-{FACTS}.jsonl"
    few = max(1, seeds // 40)
    return (
        series(file, range(seeds)), series(file, range(few), BIG), series(file, range(few), often=0.0),
        series(file, range(few), whole=True),
    )  # fmt: skip


if __name__ == "__main__":
    FIRST, LAST = (int(text) for text in sys.argv[2].split(","))
    SIZE = int(sys.argv[3]) if len(sys.argv) > 3 else STATIONS
    series(
        Path(sys.argv[1]), range(FIRST, LAST), SIZE, 0.0 if "bare" in sys.argv else 1.0,
        whole="whole" in sys.argv,
    )  # fmt: skip
