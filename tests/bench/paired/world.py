"""A site's year played out: wishes meet connectors, with what goes wrong or without it.

Drivers take a free connector, wait for one as long as they are patient, try the next where one does not
start, come back later the same day, or leave; who had a bad experience may leave for good.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

import numpy as np

from tests.bench.paired.causes import HICCUP, SEEN, Cause
from tests.bench.paired.plan import HOUR_MS, Floats, Site, Wishes

MINUTE_MS = 60_000
TRY_MS = 90_000
NEXT, BACK, RETRY = 0.75, 0.3, 0.6
"""Who tries the next connector, who comes back later that day, who tries the same one again."""
KNOWN = 3
UNPROVED, DISPUTED = 0.006, 0.06
"""Sessions whose energy cannot be proved, and those of them that end in a dispute."""


@dataclass(frozen=True, slots=True)
class Habits:
    """What a bad experience does: the share of known drivers and of newcomers who never come again."""

    known_leave: float = 0.15
    new_leave: float = 0.5


@dataclass(frozen=True, slots=True)
class Plugged:
    """A session: place, from plugging in to driving off; energy flows until `full_ms` at most."""

    place: int
    from_ms: int
    full_ms: int
    to_ms: int
    wh: int
    driver: int
    wish: int
    cut: str = ""

    def proved(self, dice: Floats) -> bool:
        """Whether its energy can be proved; one of a few hundred cannot."""
        return bool(dice[self.wish, 9] >= UNPROVED)


@dataclass(frozen=True, slots=True)
class Tried:
    """A try in vain."""

    place: int
    from_ms: int
    driver: int
    wish: int
    why: str


@dataclass(frozen=True, slots=True)
class Left:
    """A driver who left for good, with how many visits he had made."""

    driver: int
    at_ms: int
    visits: int


@dataclass(slots=True)
class Year:
    """What became of a site's wishes. `wh` by wish."""

    site: Site
    wh: Floats
    sessions: list[Plugged] = field(default_factory=list)
    tries: list[Tried] = field(default_factory=list)
    left: dict[int, Left] = field(default_factory=dict)
    spilled: int = 0


def play(
    site: Site, wishes: Wishes, until_ms: int, causes: Sequence[Sequence[Cause]] = (),
    gone: Mapping[int, Left] | None = None, habits: Habits | None = None, connectors: int | None = None,
    hiccups: bool = True,
) -> Year:  # fmt: skip
    """Play a site's year.

    Args:
        site: with its connectors.
        wishes: who would come.
        until_ms: the end of the year.
        causes: by connector what goes wrong; nothing at all where empty, not even hiccups.
        gone: who has left for good and when, as it was in another world; then nobody else leaves.
        habits: whether bad experiences make drivers leave.
        connectors: other than the site has.
        hiccups: whether starts fail by themselves now and then.
    """
    played = _Play(site, wishes, until_ms, causes, gone, habits, connectors or len(site.stations))
    played.hiccups = hiccups and bool(causes)
    return played.run()


class _Play:
    """The year while it is played. A turn: (when, wish, times come back, connector to avoid, tries, kWh)."""

    hiccups = False

    def __init__(
        self, site: Site, wishes: Wishes, until_ms: int, causes: Sequence[Sequence[Cause]],
        gone: Mapping[int, Left] | None, habits: Habits | None, count: int,
    ) -> None:  # fmt: skip
        self.year = Year(site, np.zeros(len(wishes.at_ms)))
        self.wishes, self.until_ms, self.count = wishes, until_ms, count
        self.driver, self.kwh = wishes.driver.tolist(), wishes.kwh.tolist()
        self.charge, self.stay = wishes.charge_ms.tolist(), wishes.stay_ms.tolist()
        self.patience, self.dice = wishes.patience_ms.tolist(), wishes.dice
        self.free = [0] * count
        self.ailing = [list(causes[n]) if n < len(causes) else [] for n in range(count)]
        self.pointer = [0] * count
        self.left = {d: one.at_ms for d, one in (gone or {}).items()}
        self.habits = habits if gone is None else None
        self.visits = dict.fromkeys(wishes.old, KNOWN)
        self.heap: list[tuple[int, int, int, int, int, float]] = [
            (t, n, 0, -1, 0, self.kwh[n]) for n, t in enumerate(wishes.at_ms.tolist()) if t < until_ms
        ]

    def run(self) -> Year:
        heapify(self.heap)
        while self.heap:
            when, n, tries, avoid, moves, wants = heappop(self.heap)
            d = self.driver[n]
            if when >= self.until_ms or self.left.get(d, when) < when:
                continue
            if not tries and not moves:
                self.visits[d] = self.visits.get(d, 0) + 1
            place, begins = self.taken(n, when, avoid, tries)
            if place < 0:
                self.back(n, when, tries, wants)
                continue
            hiccup = self.hiccups and not moves and not tries and self.dice[n, 4] < HICCUP
            if self.state(place, begins) == "refuses" or hiccup:
                self.in_vain(n, place, begins, tries, moves, wants)
            else:
                self.charged(n, place, begins, tries, moves, wants)
        return self.year

    def taken(self, n: int, when: int, avoid: int, tries: int) -> tuple[int, int]:
        """Which connector he takes and when; -1: none."""
        for place, mine in enumerate(self.ailing):
            while self.pointer[place] < len(mine) and mine[self.pointer[place]].to_ms <= when:
                self.pointer[place] += 1
        # Who comes back begins at another one.
        first = int(self.dice[n, 0] * self.count) + tries
        order = [(first + k) % self.count for k in range(self.count)]
        usable = [p for p in order if p != avoid and self.state(p, when) not in SEEN]
        for place in usable:
            if self.free[place] <= when:
                return place, when
        if usable:
            soonest = min(usable, key=lambda p: self.free[p])
            begins = self.free[soonest] + MINUTE_MS
            if begins - when <= self.patience[n] and self.state(soonest, begins) not in SEEN:
                return soonest, begins
        return -1, when

    def state(self, place: int, when: int) -> str:
        """What is wrong with a connector then."""
        mine = self.ailing[place]
        n = self.pointer[place]
        while n < len(mine) and mine[n].from_ms <= when:
            if when < mine[n].to_ms:
                return mine[n].kind
            n += 1
        return ""

    def cut(self, place: int, low: int, high: int) -> Cause | None:
        """What ends a session in (low, high)."""
        mine = self.ailing[place]
        for n in range(self.pointer[place], len(mine)):
            if mine[n].from_ms >= high:
                return None
            if mine[n].from_ms > low and mine[n].kind in ("fault", "dark"):
                return mine[n]
        return None

    def bad(self, n: int, when: int) -> None:
        """A bad experience: he may leave for good."""
        d = self.driver[n]
        if self.habits is None or not self.wishes.tokens[d] or d in self.left:
            return
        made = self.visits.get(d, 1) - 1
        share = self.habits.known_leave if made >= KNOWN else self.habits.new_leave
        if self.dice[n, 6] < share:
            self.left[d] = when
            self.year.left[d] = Left(d, when, made)

    def back(self, n: int, when: int, tries: int, wants: float) -> None:
        """In vain: he comes back later, or not."""
        self.year.spilled += 1
        if self.dice[n, 2 if tries == 0 else 7] < BACK and tries < 2:
            later = when + int((1 + 9 * self.dice[n, 3 if tries == 0 else 8]) * HOUR_MS)
            heappush(self.heap, (later, n, tries + 1, -1, 0, wants))

    def in_vain(self, n: int, place: int, begins: int, tries: int, moves: int, wants: float) -> None:
        """Nothing starts: he tries the same one again, the next one, or gives up."""
        refuses = self.state(place, begins) == "refuses"
        over = begins + TRY_MS
        self.year.tries.append(Tried(place, begins, self.driver[n], n, "refuses" if refuses else "hiccup"))
        self.free[place] = over
        self.bad(n, over)
        if self.left.get(self.driver[n], self.until_ms) <= over:
            return
        if not refuses and self.dice[n, 5] < RETRY:
            heappush(self.heap, (over + 30_000, n, tries, -1, moves + 1, wants))
        elif moves < 3 and self.dice[n, 1] < NEXT and self.count > 1:
            heappush(self.heap, (over + MINUTE_MS, n, tries, place, moves + 1, wants))
        else:
            self.back(n, over, tries, wants)

    def charged(self, n: int, place: int, begins: int, tries: int, moves: int, wants: float) -> None:
        """He charges, to the end or until something ends it."""
        d, share = self.driver[n], wants / self.kwh[n]
        full = begins + int(self.charge[n] * share)
        ends = max(full + MINUTE_MS, begins + int(self.stay[n] * share))
        cut = self.cut(place, begins, ends)
        over, why = (ends, "") if cut is None else (cut.from_ms, cut.kind)
        got = wants if over >= full else wants * (over - begins) / max(1, full - begins)
        wh = round(got * 1000)
        self.year.sessions.append(Plugged(place, begins, min(full, over), over, wh, d, n, why))
        self.year.wh[n] += wh
        self.free[place] = over
        missing = wants - got
        if missing <= 0.05 * wants:
            return
        self.bad(n, over)
        if self.left.get(d, self.until_ms) <= over:
            return
        if self.dice[n, 1] < NEXT and self.count > 1:
            heappush(self.heap, (over + 3 * MINUTE_MS, n, tries, place, moves + 1, missing))
        else:
            self.back(n, over, tries, missing)
