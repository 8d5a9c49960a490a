"""The queue of faults as rows: the safety lane, groups by money, children, and an order that holds still.

Pure: no Qt, no clock. What a row shows is made when it is painted; here rows are only chosen and sorted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.money import places
from app.faults.views import FaultView
from ui.faults import in_queue, saves
from ui.models.fault_words import STATE, owner, where

HIGH, MIDDLE = 5, 1
"""Major units an hour: above the first is the first group, above the second the next."""

OPEN_BANDS = ("safety", "high", "middle", "low", "unpriced", "over", "shelved")
ASIDE_BANDS = ("shelved", "out", "suppressed")
_STATE_BAND = {"SHLVD": "shelved", "OOSRV": "out", "DSUPR": "suppressed"}
Key = tuple[str, int | str]


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A heading (`band`, no view) or a fault. `depth` 1 lies under the row above; `gone`: over meanwhile.

    `folded` of a heading or of a fault with children: True, False, or None where nothing can be folded.
    """

    band: str
    view: FaultView | None = None
    depth: int = 0
    folded: bool | None = None
    gone: bool = False
    faults: int = 0
    losing: tuple[tuple[str, int], ...] = ()
    until_ms: int | None = None

    @property
    def key(self) -> Key:
        """What names the row across builds."""
        return ("fault", self.view.record.fault) if self.view is not None else ("band", self.band)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be listed: `tab` is open or aside; `state` narrows aside; `text` are words of a filter."""

    tab: str = "open"
    state: str = ""
    text: str = ""


@dataclass(slots=True)
class FaultQueue:
    """Chooses and orders rows. While `held` nothing moves: new faults wait, those that end stay."""

    wanted: Wanted = Wanted()
    folded: set[tuple[str, str]] = field(default_factory=lambda: {("open", "shelved")})
    """Headings, by tab and band, whose rows are folded away."""
    opened: set[int] = field(default_factory=set)
    """Faults whose children are shown."""
    waiting: tuple[int, ...] = ()
    """Faults that wait to be shown, while the order is held."""
    shown: int = 0
    """How many faults the rows have, those folded away included."""
    _order: list[tuple[str, int]] = field(default_factory=list)
    _last: dict[int, FaultView] = field(default_factory=dict)
    _sorts: dict[int, tuple[FaultView, str, tuple[float, ...]]] = field(default_factory=dict)
    _rows: dict[Key, QueueRow] = field(default_factory=dict)

    def rows(self, faults: Mapping[int, FaultView], *, held: bool = False) -> list[QueueRow]:
        """The rows.

        Args:
            faults: all that are known, by number.
            held: keep every row where it is; new faults go to `waiting`.
        """
        under: dict[int, list[FaultView]] = {}
        placed: list[tuple[str, int]] = []
        for number, view in faults.items():
            parent = view.record.parent
            if parent is not None and view.open:
                under.setdefault(parent, []).append(view)
            band = self._band(view)
            if band and self._fits(view):
                placed.append((band, number))
        if held and self._order:
            known = {number for _, number in self._order}
            self.waiting = tuple(number for _, number in placed if number not in known)
            order = [(band, n) for band, n in self._order if n in faults or n in self._last]
        else:
            self.waiting = ()
            order = sorted(placed, key=lambda pair: self._sorts[pair[1]][2])
            self._sorts = {n: self._sorts[n] for _, n in order}
            self._last = {}
        self._order = order
        self.shown = len(order)
        there = {number for _, number in placed}
        for _, number in order:
            if number in faults:
                self._last[number] = faults[number]
        return self._made(order, there, under)

    def fold(self, key: Key, folded: bool) -> None:
        """Fold or unfold a heading, or what lies under a fault."""
        if key[0] == "band":
            place = (self.wanted.tab, str(key[1]))
            (self.folded.add if folded else self.folded.discard)(place)
        elif isinstance(key[1], int):
            (self.opened.discard if folded else self.opened.add)(key[1])

    def numbers(self) -> list[int]:
        """The faults in their order, those folded away included."""
        return [number for _, number in self._order]

    def _band(self, view: FaultView) -> str:
        """Where a fault belongs in what is wanted; "" for nowhere. Its place in the order is kept."""
        known = self._sorts.get(view.record.fault)
        if known is not None and known[0] is view:
            return known[1]
        band = self._band_of(view)
        bands = OPEN_BANDS if self.wanted.tab == "open" else ASIDE_BANDS
        if band:
            record = view.record
            sort = (
                float(bands.index(band)), -float(saves(view) or 0), -_unpriced(view),
                float(not record.safety), -float(record.drivers_hit), float(record.opened_ms),
                float(record.fault),
            )  # fmt: skip
            self._sorts[record.fault] = (view, band, sort)
        return band

    def _band_of(self, view: FaultView) -> str:
        record = view.record
        if not view.open:
            return ""
        aside = _STATE_BAND.get(record.state, "")
        if self.wanted.tab == "aside":
            return aside if self.wanted.state in ("", aside) else ""
        if aside == "shelved" and record.parent is None:
            return "shelved"
        if not in_queue(view):
            return ""
        if record.safety:
            return "safety"
        if record.cleared_ms is not None:
            return "over"
        return money_band(view)

    def _fits(self, view: FaultView) -> bool:
        words = self.wanted.text.lower().split()
        if not words:
            return True
        text = _text_of(view)
        return all(word in text for word in words)

    def _made(
        self, order: Sequence[tuple[str, int]], there: set[int], under: Mapping[int, list[FaultView]]
    ) -> list[QueueRow]:
        rows: list[QueueRow] = []
        members: dict[str, list[FaultView]] = {}
        for band, number in order:
            members.setdefault(band, []).append(self._last[number])
        for band, views in members.items():
            folded = (self.wanted.tab, band) in self.folded
            rows.append(self._heading(band, views, folded))
            if folded:
                continue
            for view in views:
                number = view.record.fault
                beneath = sorted(under.get(number, ()), key=lambda v: v.record.fault)
                open_ = number in self.opened and bool(beneath)
                fold = None if not beneath else not open_
                rows.append(self._same(QueueRow(band, view, 0, fold, number not in there)))
                if open_:
                    rows += [self._same(QueueRow(band, child, 1)) for child in beneath]
        self._rows = {row.key: row for row in rows}
        return rows

    def _heading(self, band: str, views: Sequence[FaultView], folded: bool) -> QueueRow:
        sums: dict[str, int] = {}
        for view in views:
            if view.money is not None and view.money.losing:
                sums[view.money.currency] = sums.get(view.money.currency, 0) + view.money.losing
        ends = [view.record.until_ms for view in views if view.record.until_ms is not None]
        return QueueRow(
            band, None, 0, folded, faults=len(views), losing=tuple(sorted(sums.items())),
            until_ms=min(ends, default=None),
        )  # fmt: skip

    def _same(self, row: QueueRow) -> QueueRow:
        """The row as it was, where nothing changed: what compares by identity compares fast."""
        before = self._rows.get(row.key)
        if before is None or before.view is not row.view or before.band != row.band:
            return row
        same = (before.folded, before.gone, before.depth) == (row.folded, row.gone, row.depth)
        return before if same else row

    def want(self, wanted: Wanted) -> None:
        """List something else; the order is made anew."""
        if wanted != self.wanted:
            if (wanted.tab, wanted.state) != (self.wanted.tab, self.wanted.state):
                self._sorts.clear()
            self.wanted = wanted
            self._order, self._last = [], {}


def aside_counts(views: Iterable[FaultView]) -> dict[str, int]:
    """How many open faults are shelved, out of service, suppressed."""
    counts = dict.fromkeys(ASIDE_BANDS, 0)
    for view in views:
        band = _STATE_BAND.get(view.record.state)
        if band and view.open:
            counts[band] += 1
    return counts


def money_band(view: FaultView) -> str:
    """The group by what mending it saves an hour; "unpriced" where no price is known."""
    worth = saves(view)
    if worth is None:
        return "unpriced" if view.money is not None else "low"
    unit: int = 10 ** places(view.money.currency if view.money is not None else "")
    if worth > HIGH * unit:
        return "high"
    return "middle" if worth >= MIDDLE * unit else "low"


def _unpriced(view: FaultView) -> float:
    """kWh that mending it saves an hour, where no price is known."""
    if view.money is None or view.money.saves is not None:
        return 0.0
    found = view.money.workings.get("saves_kwh_per_hour", 0)
    return float(found) if isinstance(found, int | float) else 0.0


def _text_of(view: FaultView) -> str:
    record = view.record
    told = (
        record.title, owner(record), record.site, where(record), record.code, record.raw, record.assigned,
        record.priority, STATE.get(record.state, ""), record.recovery, record.rule.replace("_", " "),
        "safety" if record.safety else "", f"#{record.fault}",
    )  # fmt: skip
    return " ".join(told).lower()
