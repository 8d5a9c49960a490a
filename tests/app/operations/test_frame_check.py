"""A message that passed is held against the schema of its version, line by line."""

from app.operations.frame_check import check_frame

METER = """[2, "b71c", "MeterValues", {
  "connectorId": 1,
  "meterValue": [{
    "timestamp": "2026-10-15T12:32:00Z",
    "sampledValue": [
      {"value": "58400"},
      {"value": 71, "unit": "Celsius"}
    ]
  }]
}]"""


def test_a_wrong_type_is_found_in_its_line() -> None:
    """The number stands in line 7 of the message as it is shown."""
    check = check_frame("1.6", "MeterValues", METER)
    assert check.schema == "MeterValues.json"
    (found,) = check.findings
    assert found.sentence == "meterValue.1.sampledValue.2.value takes a text, not a number."
    assert found.line == 7


def test_an_answer_has_a_schema_of_its_own() -> None:
    """The answer's fields are judged, not the call's."""
    assert check_frame("1.6", "MeterValues", '[3, "b71c", {}]').findings == ()
    (found,) = check_frame("2.0.1", "Heartbeat", '[3, "1", {}]').findings
    assert found.sentence == "Heartbeat needs the field currentTime."


def test_what_has_no_schema_is_left_alone() -> None:
    """Errors, texts and messages nobody knows: no schema, no findings."""
    for text in ('[4, "1", "NotImplemented", "", {}]', "hello", '[2, "1", "Unheard", {}]'):
        check = check_frame("1.6", "Unheard", text)
        assert (check.schema, check.findings) == ("", ())
