"""How a fault's money is computed, as rows of numbers a person can follow."""

from collections.abc import Sequence
from typing import Any

from app.faults.clock import HOUR_MS, Remaining
from app.faults.pool_clock import PoolState


def explained(
    fault: int, states: Sequence[tuple[str, PoolState]], rest: Remaining, *, ranged: bool,
    cuts: Sequence[dict[str, Any]], hit: int,
) -> dict[str, Any]:  # fmt: skip
    """What "How this is computed" opens. Amounts are major units an hour; kWh where no price is known."""
    found: dict[str, Any] = {
        "pools": [_pool(fault, key, state) for key, state in states],
        "usual_repair_h": round(rest.usual_ms / HOUR_MS, 2),
        "usual_repair_of": rest.of,
        "drivers_hit": hit,
    }
    if rest.overdue:
        found["overdue"] = True
    if cuts:
        found["cut_sessions"] = list(cuts)
    if ranged:
        found["range"] = "between nothing and this: without a link it may well be charging"
    if not all(state.priced for _, state in states):
        found["no_price"] = "the price of a kWh is not known yet, so this is counted in kWh"
        found["saves_kwh_per_hour"] = round(sum(s.saves.get(fault, 0.0) for _, s in states), 4)
        found["lost_kwh"] = round(sum(s.lost.get(fault, 0.0) for _, s in states), 3)
    return found


def _pool(fault: int, key: str, state: PoolState) -> dict[str, Any]:
    count = len(state.pool.members)
    down = min(count, round(state.now.down))
    return {
        "pool": key,
        "connectors": count,
        "down": round(state.now.down, 2),
        "starts_per_hour": round(state.rate.per_hour, 4),
        "starts_per_hour_sd": round(state.rate.sd, 4),
        "starts_counted": round(state.rate.starts, 2),
        "hours_observed": round(state.rate.hours, 2),
        "prior_per_hour": round(state.rate.prior, 4),
        "stay_h": round(state.hour.stay_h, 3),
        "offered_load": round(state.hour.load, 4),
        "turned_away_healthy": round(state.blocking[count], 4),
        "turned_away_now": round(state.blocking[count - down], 4),
        "kwh_per_session": round(state.kwh, 3),
        "per_kwh": None if state.worth.per_kwh is None else f"{round(state.worth.per_kwh, 4).normalize():f}",
        "per_kwh_is": state.worth.of,
        "per_kwh_from": state.worth.source,
        "recovered_later": state.recovered,
        "pool_loses_per_hour": round(state.now.loss, 4),
        "share_per_hour": round(state.now.shares.get(fault, 0.0), 4),
        "saved_if_mended_per_hour": round(state.now.saves.get(fault, 0.0), 4),
        "confidence": state.basis,
    }
