"""What connectors that are out cost their pool: Erlang-B spill, and how it is shared (D.2). Pure.

With c connectors and k of them down, drivers come at λ an hour and stay s hours (offered load a):
L(k) = λ · [B(c−k, a) − B(c, a)] · (1 − r) · v an hour. It is convex: the second outage costs more than
the first, so two halves of one are not two of half. A connector of which a part is lost counts as that
part, and L is drawn straight between whole numbers.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from itertools import pairwise
from math import inf
from typing import NamedTuple, TypeVar

from app.faults.standing import Place

K = TypeVar("K", bound=Hashable)
HOUR_MS = 3_600_000


class Outage(NamedTuple):
    """A fault that takes `weight` of each of some connectors in [from, to); to None: it goes on."""

    fault: int
    places: frozenset[Place]
    weight: float
    from_ms: int
    to_ms: int | None = None


class Hour(NamedTuple):
    """What an hour of the week is like for a pool: starts an hour, offered load, mean stay in hours."""

    starts: float
    load: float
    stay_h: float


class Terms(NamedTuple):
    """What a start is worth (any unit), and the share of drivers who come back later."""

    value: float
    recovered: float


class Now(NamedTuple):
    """A pool at an instant, an hour: what it loses, each fault's share of that, what mending it saves."""

    loss: float
    down: float
    shares: Mapping[int, float]
    saves: Mapping[int, float]
    blocking: Sequence[float]


def erlang_b(servers: int, load: float) -> list[float]:
    """The share of drivers who find all taken, with 0, 1, … `servers` connectors."""
    found = [1.0]
    for i in range(1, servers + 1):
        found.append(load * found[-1] / (i + load * found[-1]))
    return found


def uncensored(carried: float, servers: int, stay_h: float) -> float:
    """The starts an hour that were offered, from those that were carried by a pool that blocks (D.1)."""
    offered = carried
    for _ in range(200):
        blocked = erlang_b(servers, offered * stay_h)[-1]
        better = carried / (1 - blocked)
        if abs(better - offered) < 1e-9:
            break
        offered = better
    return offered


def losses(connectors: int, hour: Hour, terms: Terms) -> list[float]:
    """L(0), L(1), … L(c) an hour: never negative, never above what k connectors can serve."""
    blocking = erlang_b(connectors, hour.load)
    per_share = hour.starts * (1 - terms.recovered) * terms.value
    healthy, most = blocking[connectors], terms.value / hour.stay_h if hour.stay_h > 0 else inf
    return [
        max(0.0, min(per_share * (blocking[connectors - down] - healthy), down * most if down else 0.0))
        for down in range(connectors + 1)
    ]


def between(found: Sequence[float], down: float) -> float:
    """L where a part of a connector is down."""
    whole = min(int(down), len(found) - 1)
    if whole == len(found) - 1:
        return found[-1]
    return found[whole] + (down - whole) * (found[whole + 1] - found[whole])


def parts(outages: Iterable[Outage], members: frozenset[Place]) -> dict[Place, dict[int, float]]:
    """By connector what each fault takes of it."""
    found: dict[Place, dict[int, float]] = {}
    for outage in outages:
        for place in outage.places & members:
            here = found.setdefault(place, {})
            here[outage.fault] = max(here.get(outage.fault, 0.0), outage.weight)
    return found


def _lost(weights: Iterable[float]) -> float:
    left = 1.0
    for weight in weights:
        left *= 1 - min(1.0, max(0.0, weight))
    return 1 - left


def at_once(taken: Mapping[Place, Mapping[int, float]], found: Sequence[float]) -> Now:
    """A pool's loss now, shared by connector and then by fault; the shares add up to it.

    Args:
        taken: what each fault takes of each connector.
        found: L(0) … L(c) of the hour.
    """
    by_place = {place: _lost(faults.values()) for place, faults in taken.items()}
    down = sum(by_place.values())
    loss = between(found, down)
    shares: dict[int, float] = {}
    less: dict[int, float] = {}
    for place, faults in taken.items():
        weight = sum(faults.values())
        for fault, part in faults.items():
            if down > 0 and weight > 0:
                shares[fault] = shares.get(fault, 0.0) + loss * by_place[place] / down * part / weight
            without = _lost(w for other, w in faults.items() if other != fault) if len(faults) > 1 else 0.0
            less[fault] = less.get(fault, 0.0) + by_place[place] - without
    saves = {fault: max(0.0, loss - between(found, max(0.0, down - gone))) for fault, gone in less.items()}
    return Now(loss, down, shares, saves, ())


def lost_between(
    outages: Sequence[Outage],
    members: frozenset[Place],
    pieces: Iterable[tuple[int, int]],
    found_at: Callable[[int], Sequence[float]],
) -> tuple[dict[int, float], float]:
    """What each fault lost, and the pool as a whole, over pieces of time that each lie within one hour.

    Args:
        outages: all that were, with their spans.
        members: the pool.
        pieces: the time, without closed hours.
        found_at: L(0) … L(c) of the hour at an instant.
    """
    edges = sorted({edge for o in outages for edge in (o.from_ms, o.to_ms) if edge is not None})
    lost: dict[int, float] = {}
    total = 0.0
    known: dict[tuple[int, ...], dict[Place, dict[int, float]]] = {}
    for start, end in pieces:
        for low, high in _cut(start, end, edges):
            on = tuple(
                n for n, o in enumerate(outages) if o.from_ms <= low and (o.to_ms is None or o.to_ms > low)
            )
            if not on:
                continue
            taken = known.get(on)
            if taken is None:
                taken = known[on] = parts([outages[n] for n in on], members)
            now = at_once(taken, found_at(low))
            hours = (high - low) / HOUR_MS
            total += now.loss * hours
            for fault, share in now.shares.items():
                lost[fault] = lost.get(fault, 0.0) + share * hours
    return lost, total


def _cut(start: int, end: int, edges: Sequence[int]) -> Iterable[tuple[int, int]]:
    inside = [edge for edge in edges if start < edge < end]
    marks = [start, *inside, end]
    return pairwise(marks)


def minor(amount: float | Decimal, digits: int = 2) -> int:
    """Major units as minor units, rounded half up."""
    exact = amount if isinstance(amount, Decimal) else Decimal(repr(amount))
    return int(exact.scaleb(digits).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def shared_out(amounts: Mapping[K, float], digits: int = 2) -> dict[K, int]:
    """Amounts in minor units that add up to their rounded sum (largest remainder).

    Equal remainders go to the earlier key.
    """
    exact = {key: Decimal(repr(amount)).scaleb(digits) for key, amount in amounts.items()}
    found = {key: int(amount.to_integral_value(rounding=ROUND_DOWN)) for key, amount in exact.items()}
    total = int(sum(exact.values(), Decimal()).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    left = total - sum(found.values())
    for key in sorted(exact, key=lambda k: found[k] - exact[k])[: max(0, left)]:
        found[key] += 1
    return found


def cut_session(
    expected_kwh: Decimal, delivered_kwh: Decimal, per_kwh: Decimal, recovered: Decimal
) -> Decimal:
    """What a session lost that a fault cut: max(expected − delivered, 0) · per kWh · (1 − r) (D.2)."""
    return max(expected_kwh - delivered_kwh, Decimal()) * per_kwh * (1 - recovered)
