"""Templates: shipped ones are right, written ones are checked, and the closest one is followed."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import ForecourtError
from app.domain.operations import Variable, WriteConfiguration
from app.operations.configuration.known import known_settings
from app.operations.configuration.template import (
    LineFile,
    Make,
    TemplateFile,
    assemble,
    followed,
    from_body,
    load_templates,
    parse,
    to_body,
    to_toml,
)
from app.protocol.orders import orders
from app.protocol.versions import VERSIONS
from tests.app.operations.configuration.story import template


def test_the_shipped_templates_cover_what_was_promised() -> None:
    lines = {line.name for line in load_templates(None)["standard"].lines}
    assert lines >= {
        "HeartbeatInterval", "MeterValueSampleInterval", "MeterValuesSampledData", "WebSocketPingInterval",
        "StopTransactionOnInvalidId", "LocalAuthorizeOffline", "TransactionMessageAttempts",
        "TransactionMessageRetryInterval",
    }  # fmt: skip


@pytest.mark.parametrize("version", VERSIONS)
def test_each_shipped_template_can_be_written_to_stations_of_each_version(version: str) -> None:
    for one in load_templates(None).values():
        values = [(variable, line.value) for line in one.lines if (variable := line.of(version))]
        if values:
            assert orders(version, WriteConfiguration(tuple(values)))


def test_known_settings_lead_from_one_generation_to_the_other_and_back() -> None:
    known = known_settings()
    twin = known.twin(Variable("TransactionMessageAttempts"))
    assert twin == Variable("MessageAttempts", "OCPPCommCtrlr", instance="TransactionEvent")
    assert known.twin(twin) == Variable("TransactionMessageAttempts")
    assert known.twin(Variable("LightIntensity")) is None
    assert known.twin(Variable("Nonsense")) is None


def test_a_known_key_brings_its_variable_kind_and_unit() -> None:
    line = template('title = "T"\n[[line]]\nkey = "HeartbeatInterval"\nvalue = 300').lines[0]
    assert line.variable == Variable("HeartbeatInterval", "OCPPCommCtrlr")
    assert (line.kind, line.unit, line.value) == ("integer", "s", "300")
    assert line.of("1.6") == Variable("HeartbeatInterval")
    assert line.of("2.1") == line.variable


def test_a_vendors_own_setting_needs_only_what_it_has() -> None:
    line = template('title = "T"\n[[line]]\nvariable = "AcmeCtrlr.Lights"\nvalue = true').lines[0]
    assert (line.key, line.kind, line.value, line.name) == (None, "boolean", "true", "AcmeCtrlr.Lights")
    assert line.of("1.6") is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "title"),
        ("title = ", "cannot be read"),
        ('title = "T"\ncolour = "red"', "colour"),
        ('title = "T"\n[[line]]\nvalue = 1', "neither a key nor a variable"),
        ('title = "T"\n[[line]]\nkey = "HeartbeatInterval"\nvalue = "often"', "a whole number"),
        ('title = "T"\n[[line]]\nvariable = "Heartbeat"\nvalue = 1', "without its component"),
        ('title = "T"\nincludes = ["gone"]', "none of that name"),
        ('title = "T"\nincludes = ["mine"]', "in a circle"),
        ('title = "T"\n[[line]]\nkey = "A"\nvalue = 1\n[[line]]\nkey = "a"\nvalue = 2', "names a twice"),
    ],
)
def test_what_is_wrong_with_a_template_is_said(text: str, sentence: str) -> None:
    with pytest.raises(ForecourtError, match=sentence) as caught:
        template(text)
    assert str(caught.value).endswith(".")


def test_own_lines_go_before_included_ones() -> None:
    base = parse('title = "B"\n[[line]]\nkey = "HeartbeatInterval"\nvalue = 300', "base")
    mine = parse('title = "M"\nincludes = ["base"]\n[[line]]\nkey = "HeartbeatInterval"\nvalue = 60', "mine")
    found = assemble({"base": (base, "shipped", 0), "mine": (mine, "file", 0)})
    assert [line.value for line in found["mine"].lines] == ["60"]


def test_files_go_before_shipped_ones_and_entries_before_files(tmp_path: Path) -> None:
    (tmp_path / "heartbeat.toml").write_text(
        'title = "Ours"\n[[line]]\nkey = "HeartbeatInterval"\nvalue = 60'
    )
    found = load_templates(tmp_path)
    assert (found["heartbeat"].title, found["heartbeat"].source) == ("Ours", "file")
    assert found["standard"].line("HeartbeatInterval").value == "60"  # type: ignore[union-attr]
    body = {"title": "Window", "line": [{"key": "HeartbeatInterval", "value": 900}]}
    found = load_templates(tmp_path, {"heartbeat": (body, 4)})
    assert (found["heartbeat"].source, found["heartbeat"].version) == ("entry", 4)
    assert found["standard"].line("OCPPCommCtrlr.HeartbeatInterval").value == "900"  # type: ignore[union-attr]


def test_a_file_that_is_wrong_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ForecourtError, match="broken"):
        load_templates(tmp_path)


FITS = """
title = "{0}"
[[fits]]
vendor = "{1}"
model = "{2}"
[[line]]
key = "A"
value = 1
"""


def test_the_closest_template_is_followed_unless_another_was_chosen() -> None:
    found = assemble(
        {
            "all": (parse(FITS.format("All", "*", "*"), "all"), "shipped", 0),
            "acme": (parse(FITS.format("Acme", "ACME*", "*"), "acme"), "shipped", 0),
            "acme-dc": (parse(FITS.format("Acme DC", "acme*", "DC-*"), "acme-dc"), "shipped", 0),
            "chosen": (parse('title = "C"', "chosen"), "file", 0),
        }
    )

    def name(make: Make, chosen: str = "") -> str:
        one = followed(found, make, chosen)
        return one.name if one else ""

    assert name(Make("1.6", "Other", "X")) == "all"
    assert name(Make("1.6", "Acme Inc", "AC-1")) == "acme"
    assert name(Make("2.0.1", "acme", "DC-150")) == "acme-dc"
    assert name(Make("2.0.1", "acme", "DC-150"), "chosen") == "chosen"
    assert name(Make("2.0.1", "acme", "DC-150"), "gone") == "acme-dc"


def test_a_template_may_fit_versions_only() -> None:
    text = 'title = "T"\n[[fits]]\nversions = ["2.0.1", "2.1"]'
    found = assemble({"t": (parse(text, "t"), "file", 0)})
    assert followed(found, Make("1.6")) is None
    assert followed(found, Make("2.1")) is found["t"]


NAMES = st.sampled_from(
    ["HeartbeatInterval", "MeterValueSampleInterval", "WebSocketPingInterval", "Acme Key"]
)
LINES = st.lists(
    st.builds(
        LineFile, st.integers(0, 10**6), key=NAMES, title=st.text(max_size=30), why=st.text(max_size=30)
    ),
    max_size=4,
    unique_by=lambda line: line.key,
)


@given(st.text(min_size=1, max_size=30), st.text(max_size=60), LINES)
def test_a_template_is_read_back_from_its_text_and_its_entry(title: str, about: str, lines: Any) -> None:
    made = TemplateFile(title=title, about=about, line=tuple(lines))
    assert parse(to_toml(made), "mine") == made
    assert from_body(to_body(made), "mine") == made
