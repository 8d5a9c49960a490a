"""The filter language of the message log: read, judged, written back, and refused in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.fleet.views import MessageView
from app.operations.filter_suggestions import suggest
from app.operations.message_filter import (
    DIRECTIONS,
    FIELDS,
    KINDS,
    AllOf,
    FilterError,
    Not,
    OneOf,
    Part,
    Term,
    parse,
    text_of,
)


def line(**about: object) -> MessageView:
    given_: dict[str, object] = {
        "at_ms": 0, "station": "VTP-05", "direction": "in", "action": "MeterValues", "message_id": "7",
        "kind": "call", "frame": '[2,"7","MeterValues",{"connectorId":1}]',
    }  # fmt: skip
    return MessageView(**{**given_, **about})  # type: ignore[arg-type]


METER = line()
REFUSED = line(
    station="HAC-01", action="Reset", kind="result", latency_ms=2_100, frame='[3,"8",{"status":"Rejected"}]'
)
ERROR = line(
    action="GetLog", kind="error", latency_ms=40, frame='[4,"9","NotImplemented","no such thing",{}]'
)
LINK = line(direction="link", action="connected", kind="note", frame="", note="from 10.0.0.7")


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("", [METER, REFUSED, ERROR, LINK]),
        ("station:VTP-*", [METER, ERROR, LINK]),
        ("station:vtp-05", [METER, ERROR, LINK]),
        ("station:VTP", []),
        ("station:VTP-0?,hac-01", [METER, REFUSED, ERROR, LINK]),
        ("action:Meter*", [METER]),
        ("dir:in", [METER, REFUSED, ERROR]),
        ("dir:from kind:call", [METER]),
        ("dir:link", [LINK]),
        ("error", [ERROR]),
        ("error:Not*", [ERROR]),
        ("error:Internal*", []),
        ("not error", [METER, REFUSED, LINK]),
        ("-error -dir:link", [METER, REFUSED]),
        ("result:Rejected", [REFUSED]),
        ("latency>2s", [REFUSED]),
        ("rtt<=40ms", [ERROR]),
        ("latency<1min", [REFUSED, ERROR]),
        ('"no such thing"', [ERROR]),
        ("such", [ERROR]),
        ("10.0.0.7", [LINK]),
        ("text:connector*1", [METER]),
        ("result:Rejected or error", [REFUSED, ERROR]),
        ("not (result:Rejected or error) and dir:in", [METER]),
        ("id:8", []),
        ("id:7 action:Get*", [ERROR]),
        ("held", []),
    ],
)
def test_what_passes(text: str, passes: list[MessageView]) -> None:
    wanted = parse(text)
    assert [one for one in (METER, REFUSED, ERROR, LINK) if wanted(one)] == passes


def test_refused_items_within_an_answer_are_found() -> None:
    several = line(kind="result", frame='[3,"8",{"setVariableResult":[{"attributeStatus":"Rejected"}]}]')
    assert parse("result:rejected")(several)


def test_broken_frames_pass_no_field_that_looks_into_them() -> None:
    broken = line(kind="result", frame='[3,"8",{"sta')
    assert not parse("result:*")(broken)
    assert parse("not result:*")(broken)
    assert not parse("error:*")(line(kind="error", frame="[4]"))


@pytest.mark.parametrize(
    ("text", "sentence", "at"),
    [
        ("station:", "station: needs a value", 8),
        ("stations:A", "Did you mean station?", 0),
        ("colour:red", "Use station, action", 0),
        ("dir:up", "use in, out or link", 0),
        ("kind:answer", "There is no kind answer", 0),
        ("latency>soon", "no span of time", 8),
        ("latency>", "Nothing is no span", 8),
        ("power>5s", "power cannot be compared", 0),
        ('action:Reset "open', "closing quote", 13),
        ("(action:Reset", "closing bracket is missing", 13),
        ("action:Reset)", "closing bracket too many", 12),
        ("not", "missing after “not”", 3),
        ("error or", "missing beside “or”", 8),
        ("and error", "missing beside “and”", 9),
        ("(" * 60, "too many brackets", 50),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(text: str, sentence: str, at: int) -> None:
    with pytest.raises(FilterError) as caught:
        parse(text)
    assert sentence in str(caught.value)
    assert str(caught.value).endswith(".")
    assert caught.value.at == at


TEXT = st.text('abAB-_*?." \\():,1é<>', min_size=1, max_size=8)
FREE = st.sampled_from(sorted(set(FIELDS) - {"dir", "kind", "text", "error"}))
TERMS = st.one_of(
    st.builds(lambda n, v: Term(n, tuple(v)), FREE, st.lists(TEXT, min_size=1, max_size=3)),
    st.builds(lambda v: Term("text", (v,)), TEXT),
    st.builds(
        lambda v: Term("dir", tuple(dict.fromkeys(v))),
        st.lists(st.sampled_from(sorted(set(DIRECTIONS.values()))), min_size=1),
    ),
    st.builds(lambda v: Term("kind", tuple(v)), st.lists(st.sampled_from(KINDS), min_size=1, max_size=3)),
    st.builds(
        lambda t, ms: Term("latency", test=t, ms=ms),
        st.sampled_from([">", "<", ">=", "<="]),
        st.integers(0, 10**6),
    ),
    st.sampled_from([Term("error"), Term("held"), Term("error", ("Not*",))]),
)
PARTS = st.recursive(
    TERMS,
    lambda below: st.one_of(
        st.builds(Not, below),
        st.builds(lambda p: AllOf(tuple(p)), st.lists(below, min_size=2, max_size=3)),
        st.builds(lambda p: OneOf(tuple(p)), st.lists(below, min_size=2, max_size=3)),
    ),
    max_leaves=6,
)


@given(PARTS)
def test_a_filter_is_read_back_from_its_text(part: Part) -> None:
    assert parse(text_of(part)).part == part


@given(st.text(max_size=40))
def test_any_text_is_a_filter_or_an_error_with_a_place(text: str) -> None:
    try:
        wanted, wrong = parse(text), None
    except FilterError as error:
        wanted, wrong = parse(""), error
    assert wrong is None or (0 <= wrong.at <= len(text) and str(wrong).endswith("."))
    for view in (METER, REFUSED, ERROR, LINK):
        assert wanted(view) in (True, False)


@given(PARTS)
def test_not_turns_every_filter_round(part: Part) -> None:
    for view in (METER, REFUSED, ERROR, LINK):
        assert parse(text_of(Not(part)))(view) is not parse(text_of(part))(view)


def titles(text: str, **known: list[str]) -> list[str]:
    return [one.title for one in suggest(text, len(text), **known)]


def test_fields_are_offered_and_then_their_values() -> None:
    assert titles("")[:3] == ["station", "action", "dir"]
    assert titles("dir:in a") == ["action"]
    assert titles("dir:") == ["in", "out", "link"]
    assert titles("action:val", actions=["MeterValues", "Heartbeat"]) == ["MeterValues"]
    assert titles("-kind:re") == ["result", "result-error"]
    assert titles("station:VTP", stations=["VTP-01", "VTP-02", "HAC-01"]) == ["VTP-*", "VTP-01", "VTP-02"]
    assert titles("station:HAC-01,V", stations=["VTP-01", "HAC-01"]) == ["VTP-01"]
    assert titles("nonsense:") == []


@given(st.text('dirstaon:,- "*', max_size=12), st.integers(-2, 14))
def test_a_suggestion_lands_where_it_says_and_can_be_taken(text: str, cursor: int) -> None:
    for one in suggest(text, cursor, stations=["VTP-01"], actions=["Reset"]):
        assert 0 <= one.start <= one.end <= len(text)
        assert one.insert


def test_every_suggestion_on_a_fresh_line_makes_a_filter() -> None:
    for one in suggest("dir:", 4):
        parse("dir:"[: one.start] + one.insert)
