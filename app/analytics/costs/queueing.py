"""How many drivers a pool turns away where some of them wait: Erlang-B with patience. Pure.

Erlang-B (reference D.2) lets everybody leave who finds all taken. Here a share of them waits, each for an
exponential time, and leaves when it is over (a birth-death chain); with nobody waiting it is Erlang-B.
"""

from array import array
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import log

import numpy as np
import numpy.typing as npt

Many = npt.NDArray[np.float64]
PATIENCE_H = 1 / 6
"""How long those wait who wait, on average; assumed. What share of drivers that is, is measured."""


def turned_away(connectors: int, load: Many, stay_h: float, waits: float = 0.0) -> Many:
    """The share of drivers who leave without a charge.

    Args:
        connectors: usable ones; with none, nobody waits.
        load: offered loads, erlangs.
        stay_h: the mean stay.
        waits: the share of those who find all taken and wait.
    """
    load = np.maximum(load, 1e-9)
    if connectors <= 0:
        return np.ones_like(load)
    weight = np.ones_like(load)
    total = weight.copy()
    for n in range(1, connectors + 1):
        weight = weight * load / n
        total = total + weight
    if waits <= 0 or stay_h <= 0:
        blocked: Many = weight / total
        return blocked
    impatience = stay_h / PATIENCE_H
    full, queue = weight.copy(), np.zeros_like(load)
    for place in range(1, 3 * connectors + 6):
        weight = weight * load * waits / (connectors + place * impatience)
        total, full, queue = total + weight, full + weight, queue + place * weight
    lost: Many = ((1 - waits) * full + impatience / load * queue) / total
    return np.clip(lost, 0.0, 1.0)


class TurnedAway:
    """`turned_away` of one pool, looked up: a pool is asked for thousands of loads.

    Args:
        connectors: of the whole pool.
        stay_h, waits: as for `turned_away`.
    """

    def __init__(self, connectors: int, stay_h: float, waits: float) -> None:
        # As arrays: a month has hundreds of such tables, and a number of its own takes four times the room.
        self._by_usable = [
            array("d", turned_away(usable, _LOADS, stay_h, waits).tobytes())
            for usable in range(connectors + 1)
        ]

    def __call__(self, usable: int, load: float) -> float:
        """The share of drivers who leave."""
        table = self._by_usable[usable]
        place = (log(max(load, _LEAST)) - _FIRST) / _STEP
        low = min(int(place), len(table) - 2)
        found: float = table[low] + (table[low + 1] - table[low]) * min(1.0, place - low)
        return found


def lost_of_one(
    away: Callable[[int, float], float], usable: int, taken: int, loads: Sequence[float]
) -> float:  # fmt: skip
    """How much of a driver who got nothing a pool lost: who charges takes a place others then find taken.

    With n usable connectors, j of them taken, one driver more turns away E_n / E_j others, E_j being the
    share turned away by j connectors: the cost of a call in a loss system (Key, Optimal control and trunk
    reservation in loss networks, 1990).

    Args:
        away: the share turned away by so many connectors at a load.
        usable: connectors, the one he failed at among them.
        taken: how many of the others were.
        loads: equally likely ones, erlangs.
    """
    fewer = sum(away(taken, load) for load in loads)
    return max(0.0, 1 - sum(away(usable, load) for load in loads) / fewer) if fewer > 0 else 1.0


def served_after_waiting(connectors: int, stay_h: float) -> float:
    """Of those who wait at the head of a full pool, the share who are still there when one leaves."""
    if connectors <= 0 or stay_h <= 0:
        return 0.0
    leave = connectors / stay_h
    return leave / (leave + 1 / PATIENCE_H)


def gamma_points(mean: float, variance: float) -> tuple[float, ...]:
    """Five equally likely values of a gamma distribution (Wilson–Hilferty), with the mean kept."""
    if variance <= 0 or mean <= 0:
        return (mean,) * len(_Z)
    shape = mean * mean / variance
    raw = [max(0.0, 1 - 1 / (9 * shape) + z / (3 * shape**0.5)) ** 3 for z in _Z]
    scale = mean * len(raw) / sum(raw)
    return tuple(scale * one for one in raw)


_LEAST, _MOST, _GRID = 1e-4, 200.0, 1_200
_FIRST, _STEP = log(_LEAST), log(_MOST / _LEAST) / (_GRID - 1)
_LOADS = np.exp(_FIRST + _STEP * np.arange(_GRID))
_Z = (-1.2816, -0.5244, 0.0, 0.5244, 1.2816)


@lru_cache(maxsize=8)
def fading(weeks: int, half_life: float) -> float:
    """How much less a faded count scatters than a whole one of the same size: Σw²/Σw."""
    kept = np.array([0.5 ** (ago / half_life) for ago in range(weeks)])
    return float((kept**2).sum() / kept.sum())
