"""A configuration as a file, and back."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import ForecourtError
from app.domain.operations import Variable
from app.operations.configuration.exchange import from_csv, from_toml, to_csv, to_toml
from tests.app.operations.configuration.story import named, rows

VALUES = st.dictionaries(
    st.sampled_from(["Alpha", "Beta", "Vendor.Key[1]"]), st.text(max_size=12), max_size=3
)


@given(VALUES)
def test_what_is_written_to_a_file_is_read_back(values: dict[str, str]) -> None:
    records = rows("A", **values)
    wanted = {(Variable(name), value) for name, value in values.items()}
    assert set(from_toml(to_toml("A", records), "1.6")) == wanted


@given(
    st.dictionaries(
        st.sampled_from(["Alpha", "=cmd", "-x"]), st.text("ab=+-@\t'\",;\n ", max_size=9), max_size=3
    )
)
def test_a_table_is_read_back_and_holds_no_formula(values: dict[str, str]) -> None:
    records = rows("A", **values)
    table = to_csv(records)
    assert set(from_csv(table, "1.6")) == {(Variable(name), value) for name, value in values.items()}
    cells = [cell for row in csv.reader(io.StringIO(table)) for cell in row]
    assert not any(cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\n")) for cell in cells)


def test_the_names_of_2x_and_what_is_known_of_a_setting() -> None:
    records = named("A", {"OCPPCommCtrlr.HeartbeatInterval": "300", "Connector@2:1.Available": "true"})
    table = to_csv(records)
    assert "OCPPCommCtrlr.HeartbeatInterval,300,,s,2026-01-05T08:00:00Z,Time between heartbeats" in table
    assert (Variable("Available", "Connector", 2, 1), "true") in from_csv(table, "2.1")
    assert (Variable("Available", "Connector", 2, 1), "true") in from_toml(to_toml("A", records), "2.1")


def test_what_can_only_be_read_is_not_written_back() -> None:
    records = named("A", {"HeartbeatInterval": "300"}, readonly=True)
    assert from_toml(to_toml("A", records), "1.6") == ()
    assert from_csv(to_csv(records), "1.6") == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x = ", "no TOML"),
        ("x = 1", "holds no settings"),
        ("setting = [1]", "Setting 1 of the file"),
        ('[[setting]]\nname = "A"\nvalue = "1"\n[[setting]]\nname = "a"\nvalue = "2"', "names a twice"),
    ],
)
def test_a_file_that_is_wrong_is_refused_in_words(text: str, sentence: str) -> None:
    with pytest.raises(ForecourtError, match=sentence):
        from_toml(text, "1.6")


def test_a_table_that_is_wrong_is_refused_in_words() -> None:
    with pytest.raises(ForecourtError, match="columns"):
        from_csv("a,b\n1,2", "1.6")
    with pytest.raises(ForecourtError, match="Line 3"):
        from_csv("setting,value\nA,1\n,2", "1.6")
