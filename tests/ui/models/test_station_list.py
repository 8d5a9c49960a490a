"""Filter, order and grouping of stations; what columns say of them."""

from dataclasses import replace
from fractions import Fraction

import pytest

from app.analytics.results import DayState, Strip, Uptime
from app.domain.status import SEVERITY, LinkState, Shown
from tests.ui.pictures import NOW_MS, picture
from ui.models.losses import Losses
from ui.models.station_columns import columns, rated_of, site_uptimes, uptime_cell
from ui.models.station_list import (
    NO_SITE,
    Segment,
    SiteRow,
    StationFilter,
    StationRow,
    kept_order,
    listed,
    matches,
    segment_counts,
)

VIEWS = list(picture(48).stations.values())
COLUMNS = {column.key: column for column in columns(lambda: NOW_MS)}


@pytest.mark.parametrize(
    ("text", "found"),
    [("utm-01", 1), ("venlo", 4), ("helion gent", 0), ("NORDWATT utrecht", 4), ("10.8.0.2", 11)],
)
def test_words_are_looked_for_everywhere(text: str, found: int) -> None:
    """Identity, site, maker, address; every word must occur, case aside."""
    assert sum(matches(view, StationFilter(text=text)) for view in VIEWS) == found


def test_segments_count_under_the_rest_of_the_filter() -> None:
    """The number on a segment is what a click on it shows."""
    wanted = StationFilter(maker="Helion", segment=Segment.PROBLEM)
    counts = segment_counts(VIEWS, wanted)
    for segment in Segment:
        shown = [v for v in VIEWS if matches(v, replace(wanted, segment=segment))]
        assert counts[segment] == len(shown)


def test_what_says_available_while_a_fault_stands_is_a_problem() -> None:
    """A card reader's fault leaves the state as it was; its site's heading names it too."""
    view = next(view for view in VIEWS if view.shown is Shown.AVAILABLE)
    calm, lost = replace(view, site="Alone"), {view.station: Losses(faults=1, shown=Shown.FAULTED)}
    wanted = StationFilter(segment=Segment.PROBLEM)
    assert segment_counts([calm], wanted)[Segment.PROBLEM] == 0
    assert segment_counts([calm], wanted, lost)[Segment.PROBLEM] == 1
    rows = listed(
        [calm], wanted, COLUMNS["state"], descending=False, by_site=True,
        station_loss=lost, site_loss={"Alone": lost[view.station]},
    )  # fmt: skip
    assert [type(row) for row in rows] == [SiteRow, StationRow]
    assert "1 station, 1 fault" in COLUMNS["state"].cell(rows[0]).more


def test_sites_are_ordered_by_their_worst_station_and_unnamed_ones_last() -> None:
    """By state: worst site first; stations without a site share the last heading."""
    views = [*VIEWS, replace(VIEWS[0], station="X-1", site="", shown=Shown.AVAILABLE)]
    rows = listed(views, StationFilter(), COLUMNS["state"], descending=False, by_site=True)
    heads = [row for row in rows if isinstance(row, SiteRow)]
    ranks = [SEVERITY[row.shown] for row in heads]
    assert ranks == sorted(ranks)
    assert heads[-1].site == NO_SITE


def test_a_folded_site_keeps_its_heading_and_sums() -> None:
    """Folding hides stations, never what they add up to."""
    whole = listed(VIEWS, StationFilter(), COLUMNS["state"], descending=False, by_site=True)
    folded = listed(
        VIEWS, StationFilter(), COLUMNS["state"], descending=False, by_site=True, folded={"Gent Ledeberg"}
    )
    assert len(folded) == len(whole) - 4
    before = next(r for r in whole if isinstance(r, SiteRow) and r.site == "Gent Ledeberg")
    after = next(r for r in folded if isinstance(r, SiteRow) and r.site == "Gent Ledeberg")
    assert replace(after, folded=False) == before


def test_rows_in_hand_keep_their_places() -> None:
    """Known rows stay where they were, new ones come last."""
    rows = listed(VIEWS[:4], StationFilter(), COLUMNS["station"], descending=False, by_site=False)
    before = [row.key for row in reversed(rows[:3])]
    assert [row.key for row in kept_order(rows, before)] == [*before, rows[3].key]


def test_power_of_a_lost_station_is_unknown_not_zero() -> None:
    """Offline: a dash. Idle: zero, for no car can draw any."""
    lost = next(v for v in VIEWS if v.link is LinkState.OFFLINE)
    assert COLUMNS["power"].cell(StationRow(lost)).text == "–"
    idle = next(v for v in VIEWS if v.shown is Shown.AVAILABLE)
    assert COLUMNS["power"].cell(StationRow(idle)).text == "0"


def test_rated_power_is_told_only_when_all_of_it_is_known() -> None:
    """One plug without a plan makes the sum unknown."""
    view = VIEWS[0]
    partly = replace(view, connectors=(replace(view.connectors[0], rated_power_w=None), *view.connectors[1:]))
    assert rated_of(partly) is None


def strip(station: str, up: int, down: int, *worst: Shown) -> Strip:
    """A strip with one uptime over all its days."""
    days = tuple(DayState(f"d{i}", i, i + 1, state, (), Uptime(up, down, 0)) for i, state in enumerate(worst))
    return Strip(station, "Europe/Amsterdam", days, Uptime(up, down, 0))


def test_uptime_is_truncated() -> None:
    """99.999 is never shown as 100."""
    assert uptime_cell(strip("a", 99_999, 1, Shown.AVAILABLE)).percent == pytest.approx(99.99)


def test_a_site_takes_the_worst_of_each_day_and_all_measured_time() -> None:
    """Two stations: days by severity, uptime over their time together."""
    strips = {
        "a": strip("a", 90, 10, Shown.AVAILABLE, Shown.FAULTED),
        "b": strip("b", 100, 0, Shown.OFFLINE, Shown.AVAILABLE),
    }
    cell = site_uptimes(strips, {"a": "Gent", "b": "Gent"})["Gent"]
    assert cell.days == (Shown.OFFLINE, Shown.FAULTED)
    assert cell.percent == pytest.approx(float(Fraction(190 * 100, 200)))


def test_a_day_nothing_is_known_of_is_no_good_day() -> None:
    """Blind or before the first call: a line, not a bar."""
    blind = DayState("d", 0, 1, Shown.UNKNOWN, (), Uptime(0, 0, 86_400_000))
    made = uptime_cell(Strip("a", "UTC", (blind,), Uptime(0, 0, 86_400_000)))
    assert made.days == (None,)
    assert made.percent is None
