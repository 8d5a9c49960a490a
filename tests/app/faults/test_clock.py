"""How long faults of a kind usually last."""

from app.domain.ids import StationId
from app.domain.records import FaultRecord
from app.faults.clock import HOUR_MS, Repairs


def repairs(
    *spans_h: float, site: str = "Depot", rule: str = "offline", known: Repairs | None = None
) -> Repairs:
    found = known or Repairs(5, 24)
    base = len(found._seen)
    for n, hours in enumerate(spans_h, base + 1):
        end = round(hours * HOUR_MS)
        found.hear(
            FaultRecord(n, rule, "X", "", StationId("A"), site, onset_ms=0, cleared_ms=end, closed_ms=end + 1)
        )
    return found


def test_before_any_was_mended_it_is_assumed_and_said():
    """It stands on none."""
    rest = repairs().remaining("Depot", "offline", HOUR_MS)
    assert (rest.ms, rest.of, rest.overdue) == (23 * HOUR_MS, 0, False)


def test_a_site_is_drawn_to_the_fleet():
    """Two here at 2 h, the fleet's median 6 h with the weight of five: (2·2 + 5·6) / 7."""
    found = repairs(2, 2)
    repairs(6, 6, 6, 7, 8, site="Market", known=found)
    rest = found.remaining("Depot", "offline", 0)
    assert rest.usual_ms == round((2 * 2 + 5 * 6) / 7 * HOUR_MS)


def test_past_the_ninth_decile_it_is_overdue():
    """The rest is the median of those that lasted as long; none did: not known."""
    found = repairs(*range(1, 21))
    assert not found.remaining("", "offline", 18 * HOUR_MS).overdue
    late = found.remaining("", "offline", round(19.5 * HOUR_MS))
    assert (late.overdue, late.ms) == (True, HOUR_MS // 2)
    assert found.remaining("", "offline", 30 * HOUR_MS).ms is None


def test_another_kind_uses_its_own_and_else_all():
    """A kind never mended is expected to last as faults do."""
    found = repairs(4)
    assert found.remaining("Depot", "silence", 0).usual_ms == 4 * HOUR_MS
