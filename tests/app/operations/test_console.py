"""Messages by hand: begun from the schema, completed while typing, and checked with a place."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.operations.console import actions, check, complete, skeleton
from app.operations.json_places import line_and_column, places, spot
from app.protocol.commands import command
from app.protocol.versions import SERVER_ACTIONS, VERSIONS
from tests.app.protocol.generate import full, minimal

EVERY = [(version, action) for version in VERSIONS for action in actions(version)]


def titles(version: str, action: str, text: str) -> list[str]:
    """What is offered at the bar in the text."""
    cursor = text.index("|")
    return [one.title for one in complete(version, action, text.replace("|", ""), cursor)]


def said(version: str, action: str, text: str) -> list[tuple[int, int, str]]:
    return [(one.line, one.column, one.sentence) for one in check(version, action, text)]


def test_every_message_of_a_version_can_be_written() -> None:
    for version in VERSIONS:
        assert set(actions(version)) == SERVER_ACTIONS[version]
    assert actions("") == ()


@pytest.mark.parametrize(("version", "action"), EVERY)
def test_what_one_begins_with_can_be_sent(version: str, action: str) -> None:
    begun = skeleton(version, action, now_ms=1_767_600_000_000)
    assert check(version, action, begun) == ()
    assert command(version, action, json.loads(begun))


@pytest.mark.parametrize(("version", "action"), EVERY)
def test_good_messages_have_no_findings(version: str, action: str) -> None:
    for made in (minimal(version, action), full(version, action)):
        assert check(version, action, json.dumps(made, indent=1)) == ()


def test_one_begins_with_the_gentlest_word() -> None:
    assert json.loads(skeleton("1.6", "Reset")) == {"type": "Soft"}
    assert json.loads(skeleton("2.1", "Reset")) == {"type": "OnIdle"}
    assert json.loads(skeleton("1.6", "ChangeAvailability"))["type"] == "Operative"


def test_names_are_offered_needed_ones_first_and_used_ones_never() -> None:
    assert titles("2.1", "Reset", "{|") == ["type", "evseId", "customData"]
    assert titles("2.1", "Reset", '{"ev|') == ["evseId"]
    assert titles("2.1", "Reset", '{"type": "OnIdle", |}') == ["evseId", "customData"]
    assert titles("2.1", "Reset", '{|, "type": "OnIdle"}') == ["evseId", "customData"]
    assert titles("2.0.1", "TriggerMessage", '{"evse": {"id": 1, "|"}}') == ["connectorId", "customData"]
    assert titles("1.6", "GetConfiguration", '{"key": ["|"]}') == []


def test_words_of_a_field_are_offered() -> None:
    assert titles("1.6", "Reset", '{"type": |') == ["Hard", "Soft"]
    assert titles("1.6", "Reset", '{"type": "S|"}') == ["Soft"]
    assert titles("1.6", "TriggerMessage", '{\n  "requestedMessage": "met|",\n  "connectorId": 1\n}') == [
        "MeterValues"
    ]
    assert titles("2.1", "CustomerInformation", '{"report": t|') == ["true"]
    assert titles("2.1", "GetVariables", '{"getVariableData": [{"attributeType": "M|') == ["MinSet", "MaxSet"]


def test_what_is_taken_makes_a_message() -> None:
    text, cursor = "{", 1
    for wanted in ("type", "OnIdle"):
        one = next(o for o in complete("2.1", "Reset", text, cursor) if o.title == wanted)
        text, cursor = text[: one.start] + one.insert + text[one.end :], one.start + len(one.insert)
    assert json.loads(text + "}") == {"type": "OnIdle"}
    one = next(iter(complete("2.1", "Reset", '{"ty": "OnIdle"}', 4)))
    assert one.insert == '"type"'


def test_known_values_and_the_present_are_offered() -> None:
    text = '{"transactionId": '
    found = complete("2.1", "RequestStopTransaction", text, len(text), known={"transactionId": ["tx-1"]})
    assert [(one.insert, one.hint) for one in found] == [('"tx-1"', "of this station")]
    found = complete("1.6", "RemoteStopTransaction", text, len(text), known={"transactionId": ["41"]})
    assert [one.insert for one in found] == ["41"]
    text = '{"expiryDate": '
    found = complete("1.6", "ReserveNow", text, len(text), now_ms=1_767_600_000_000)
    assert [one.insert for one in found] == ['"2026-01-05T08:00:00Z"']


def test_nothing_is_offered_where_nothing_can_stand() -> None:
    assert titles("2.1", "Reset", '{"type"| : 1}') == []
    assert titles("2.1", "Reset", '{"type": "OnIdle"| }') == []
    assert titles("2.1", "Reset", "{}|") == []
    assert titles("2.1", "Reset", '{"nonsense": {"|') == []
    assert titles("2.1", "Nonsense", "{|") == []
    assert titles("", "Reset", "{|") == []


@pytest.mark.parametrize(
    ("version", "action", "text", "found"),
    [
        ("1.6", "Reset", '{\n  "type": "Warm"\n}',
         [(2, 11, 'type cannot be "Warm"; it is one of Hard, Soft.')]),
        ("1.6", "Reset", '{"type": "soft"}', [(1, 10, 'type cannot be "soft". Did you mean Soft?')]),
        ("1.6", "Reset", "{}", [(1, 1, "Reset needs the field type.")]),
        ("1.6", "Reset", '{"type": 3}', [(1, 10, "type takes a text, not a number."),
                                         (1, 10, "type cannot be 3; it is one of Hard, Soft.")]),
        ("1.6", "Reset", '{"type": "Hard", "typ": 1}',
         [(1, 18, "Reset has no field typ. Did you mean type?")]),
        ("1.6", "Reset", "[]", [(1, 1, "Reset needs an object, like {}.")]),
        ("1.6", "Reset", "", [(1, 1, "Write an object, like {}.")]),
        ("1.6", "Reset", '{"type": "Hard",}', [(1, 17, "There is a comma too many.")]),
        ("1.6", "Reset", '{"type": "Hard"', [(1, 16, "It ends too early; a closing bracket is missing.")]),
        ("1.6", "Reset", '{"type": ',
         [(1, 10, "It ends too early; a closing bracket or a value is missing.")]),
        ("1.6", "Reset", '{"type": "Hard}', [(1, 10, "A closing quote is missing.")]),
        ("1.6", "Reset", "{'type': 1}", [(1, 2, "Texts stand in double quotes.")]),
        ("1.6", "Reset", '{"type": True}', [(1, 10, "Write true, false or null in small letters.")]),
        ("1.6", "Reset", '{"type" "Hard"}', [(1, 9, "A colon belongs here.")]),
        ("1.6", "Reset", '{"type": "Hard"} x', [(1, 18, "Nothing may follow after the end of the object.")]),
        ("1.6", "Reset", '{"type": NaN}', [(1, 10, "NaN is no number in JSON.")]),
        ("1.6", "Reset", "NaN", [(1, 1, "NaN is no number in JSON.")]),
        ("1.6", "Reset", '{"type": "Soft", "type": "Hard"}',
         [(1, 18, "type stands twice; only the last would count.")]),
        ("1.6", "Rest", "{}", [(1, 1, "OCPP 1.6 has no action called Rest.")]),
        ("1.6", "Heartbeat", "{}",
         [(1, 1, "Heartbeat is a message that stations send, so it cannot be sent to one.")]),
        ("", "Reset", "{}", [(1, 1, "The station's version is not known yet.")]),
        ("1.6", "RemoteStartTransaction", '{"idTag": "012345678901234567890"}',
         [(1, 11, "idTag may have at most 20 characters, and this has 21.")]),
        ("1.6", "ReserveNow",
         '{"connectorId":1,"expiryDate":"tomorrow","idTag":"A","reservationId":1}',
         [(1, 31, "expiryDate takes a time with its zone, like 2026-01-31T12:00:00Z.")]),
        ("2.1", "ClearVariableMonitoring", '{"id": []}', [(1, 8, "id needs at least 1 item.")]),
        ("2.0.1", "SetMonitoringLevel", '{"severity": 12}', []),
        ("2.0.1", "GetVariables", '{"getVariableData": [{"component": {}, "variable": {"name": "A"}}]}',
         [(1, 36, "getVariableData.1.component needs the field name.")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_where_it_is(
    version: str, action: str, text: str, found: list[tuple[int, int, str]]
) -> None:
    assert sorted(said(version, action, text)) == sorted(found)


def test_what_no_parser_takes_is_said_too() -> None:
    deep = "[" * 100_000
    assert said("1.6", "Reset", deep) == [(1, 1, "It is nested too deeply.")]
    assert complete("1.6", "Reset", deep, len(deep)) == ()
    digits = '{"type": ' + "9" * 5_000 + "}"
    assert said("1.6", "Reset", digits) == [(1, 1, "A number has too many digits.")]


TYPED = st.text('{}[]:," \\\ntypeevsIdHard1truéN', max_size=40)
WHICH = st.sampled_from(EVERY)


@settings(max_examples=150)
@given(WHICH, TYPED, st.integers(-1, 42))
def test_whatever_is_typed_is_completed_and_checked_without_fail(
    which: tuple[str, str], text: str, cursor: int
) -> None:
    for one in complete(*which, text, cursor):
        assert 0 <= one.start <= one.end <= len(text)
    for finding in check(*which, text):
        assert finding.sentence.endswith((".", "?"))
        assert 0 <= finding.start <= finding.end <= max(len(text), finding.start)
        assert (finding.line, finding.column) == line_and_column(text, finding.start)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, st.sampled_from([None, 1]))
def test_places_are_where_the_values_stand(value: object, indent: int | None) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    found, twice = places(text)
    assert twice == []
    for path, place in found.items():
        inner: object = value
        for step in path:
            inner = inner[step]  # type: ignore[index]
        assert json.loads(text[place.start : place.end]) == inner
        if path and isinstance(path[-1], str):
            assert json.loads(text[place.key_start : place.key_end]) == path[-1]


@given(JSON)
def test_a_cursor_anywhere_in_good_text_is_understood(value: object) -> None:
    text = json.dumps(value)
    for cursor in range(len(text) + 1):
        here = spot(text, cursor)
        assert here is None or 0 <= here.start <= cursor <= here.end <= len(text)
