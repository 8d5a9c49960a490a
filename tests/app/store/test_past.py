"""The past as it is read at a start: the same in steps as at once, whoever's clock is ahead."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.ids import StationId
from app.domain.records import NoticeRecord, StatusRecord
from app.domain.status import ConnectorStatus, LinkState
from app.store.readers.past import learnt_from
from tests.app.analytics.past import DAY, HOUR, MIDNIGHT, Past, a_past

DAYS = 8
names = st.sampled_from(["S1", "S2"])
hours = st.integers(-30, DAYS * 24 + 30)
told = st.one_of(
    st.tuples(st.just("link"), names, hours, st.sampled_from([LinkState.ONLINE, LinkState.OFFLINE])),
    st.tuples(
        st.just("status"), names, hours, st.sampled_from(list(ConnectorStatus)[:5]), st.integers(-23, 60)
    ),
    st.tuples(st.just("boot"), names, hours, st.integers(-3, 30)),
    st.tuples(st.just("session"), names, hours, st.integers(1, 30)),
)


def tell(past: Past, number: int, what: tuple[Any, ...]) -> None:
    kind, name, hour, *rest = what
    at = MIDNIGHT + hour * HOUR
    match kind:
        case "link":
            past.link(name, at, rest[0])
        case "status":
            word, late = rest
            past.add(StatusRecord(StationId(name), 1 + number % 2, 1, at, at + late * HOUR, word))
        case "boot":
            past.add(NoticeRecord(StationId(name), at, at + rest[0] * HOUR, "boot", "PowerUp", ""))
        case _:
            past.session(number + 1, name, at, at + rest[0] * HOUR, 1_000)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happened=st.lists(told, max_size=30))
def test_habits_are_read_in_steps_as_at_once(happened: list[Any], tmp_path_factory: Any) -> None:
    """Also what was kept late, and what a station said whose clock is up to a day ahead."""
    window = (MIDNIGHT, MIDNIGHT + DAYS * DAY)
    with a_past(tmp_path_factory.mktemp("past")) as past:
        for number, what in enumerate(happened):
            tell(past, number, what)
        whole, parts = (past.ask(_all, *window, step) for step in (DAYS * DAY, DAY + HOUR))
    assert sorted(map(repr, whole)) == sorted(map(repr, parts)), "the same, each once"
    assert [at for _, at in parts] == [at for _, at in whole]
    for told_of in (StationId("S1"), StationId("S2")):
        mine = [[one for one in found if one[0].station == told_of] for found in (whole, parts)]
        assert mine[0] == mine[1]


def _all(connection: Any, from_ms: int, to_ms: int, step_ms: int) -> list[Any]:
    return list(learnt_from(connection, from_ms, to_ms, step_ms))
