"""A station's settings as rows: searched, compared, checked before they are written."""

from app.domain.ids import StationId
from app.domain.records import VariableRecord
from app.operations.configuration.naming import key_of_record
from tests.ui.device import settings
from tests.ui.pictures import NOW_MS
from ui.models.command_settings import Setting, found, grouped, is_there, setting, wrong


def variable(
    name: str, value: str | None, component: str = "", detail: str = "{}", **values: object
) -> Setting:
    """A row of one setting."""
    wanted = values.pop("wanted", None)
    record = VariableRecord(
        StationId("A"), component, "", 0, 0, name, "", "Actual", value, read_ms=NOW_MS, detail=detail,
        **values,  # type: ignore[arg-type]
    )  # fmt: skip
    return setting(record, wanted, None, "")  # type: ignore[arg-type]


def test_values_are_checked_by_what_is_known_of_them() -> None:
    """By the standard for 1.6 keys, by what the station told for 2.x variables."""
    assert wrong(variable("HeartbeatInterval", "60"), "soon")
    assert not wrong(variable("HeartbeatInterval", "60"), "300")
    assert variable("LocalPreAuthorize", "false").choices == ("true", "false")
    assert wrong(variable("LocalPreAuthorize", "false"), "perhaps")
    loose = variable("AuthorizeRemoteStart", "false", "AuthCtrlr", '{"dataType":"string"}')
    assert loose.choices == ("true", "false"), "a known setting keeps its kind where the station says string"
    limited = variable(
        "Interval", "60", "Ctrlr", '{"dataType":"integer","minLimit":10,"maxLimit":90,"unit":"s"}'
    )
    assert wrong(limited, "5") == "It is at least 10."
    assert wrong(limited, "91") == "It is at most 90."
    assert not wrong(limited, "90")
    options = variable("Mode", "A", "Ctrlr", '{"dataType":"OptionList","valuesList":"A,B"}')
    assert options.choices == ("A", "B")
    assert wrong(options, "C") == "It may be A or B."
    members = variable("Data", "A", "Ctrlr", '{"dataType":"MemberList","valuesList":"A,B"}')
    assert "X is not among" in wrong(members, "A,X")
    assert not wrong(members, "B,A")
    text = variable("Name", "x", "Ctrlr", '{"dataType":"string","maxLimit":3}')
    assert wrong(text, "four") == "It has at most 3 characters."
    assert wrong(variable("NumberOfConnectors", "2", readonly=True), "3").startswith(
        "The station allows nobody"
    )


def test_equal_is_by_meaning_and_what_was_never_told_differs() -> None:
    """Lists in any order; a value the station keeps to itself does not equal what is wanted."""
    assert not variable("MeterValuesSampledData", "A,B", wanted="B,A").differs
    assert variable("HeartbeatInterval", "60", wanted="300").differs
    assert not variable("HeartbeatInterval", "300", wanted="300").differs
    assert variable("HeartbeatInterval", None, wanted="300").differs
    assert not variable("HeartbeatInterval", "60").differs


def test_rows_are_searched_and_grouped() -> None:
    """Words in any order; only what differs; headings for components, none for 1.6 keys."""
    rows = [setting(record, None, None, "") for record in settings("A")]
    assert {row.name for row in found(rows, "interval meter", "all")} == {"MeterValueSampleInterval"}
    wanted = {key_of_record(r): "300" for r in settings("A") if r.name == "HeartbeatInterval"}
    rows = [setting(record, wanted.get(key_of_record(record)), None, "") for record in settings("A")]
    assert [row.name for row in found(rows, "", "differs")] == ["HeartbeatInterval"]
    assert not found(rows, "", "changed")
    assert not any(row.heading for row in grouped(rows, frozenset()))
    mixed = [variable("B", "1", "Two"), variable("A", "1", "One"), variable("C", "1", "One")]
    assert [row.name for row in grouped(mixed, frozenset())] == ["One", "A", "C", "Two", "B"]
    assert [row.name for row in grouped(mixed, frozenset({"One"}))] == ["One", "Two", "B"]


def test_a_setting_the_station_does_not_have_is_no_row() -> None:
    """What it called unknown is not listed."""
    told = VariableRecord(
        StationId("A"), "", "", 0, 0, "X", "", "Actual", None, detail='{"status":"unknown"}'
    )
    assert not is_there(told)
    assert is_there(settings("A")[0])
