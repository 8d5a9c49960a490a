"""Meter values: units, phases, places, useless numbers; the same rules in 1.6 and 2.x."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.fact import changed
from app.domain.ids import StationId
from app.domain.meter import Reading, Sample
from app.protocol.context import Context, StationClock
from app.protocol.meter import metered, rounded
from app.protocol.stamps import judge
from app.protocol.v2x.metering import read_samples as read_2x
from app.protocol.v16.meter import read_samples as read_16

AT = "2026-01-05T08:00:00Z"
AT_MS = 1_767_600_000_000
CTX = Context(StationId("S1"), AT_MS + 1500, StationClock(0, AT_MS - 3_600_000))
ENERGY = "Energy.Active.Import.Register"


def reading_16(*samples: dict[str, Any], main: bool = False) -> tuple[Reading, set[str]]:
    quirks: set[str] = set()
    values = [{"timestamp": AT, "sampledValue": list(samples)}]
    return metered(values, CTX, read_16, quirks, main=main).readings[0], quirks


def reading_2x(*samples: dict[str, Any]) -> tuple[Reading, set[str]]:
    quirks: set[str] = set()
    values = [{"timestamp": AT, "sampledValue": list(samples)}]
    return metered(values, CTX, read_2x, quirks).readings[0], quirks


def test_a_bare_value_is_the_import_register_at_the_outlet() -> None:
    reading, quirks = reading_16({"value": "1200"})
    assert reading == Reading(
        AT_MS,
        (Sample(ENERGY, "1200", 1200.0, "Wh", "", "Outlet", "Sample.Periodic"),),
        energy_wh=1200,
    )
    assert quirks == set()


@pytest.mark.parametrize(
    ("value", "unit", "energy_wh"),
    [
        ("1200", "Wh", 1200),
        ("1200.5", "Wh", 1201),
        ("1200.49", "Wh", 1200),
        ("1.2005", "kWh", 1201),
        ("1.0005", "kWh", 1001),
        ("2.6745", "kWh", 2675),
        ("1.2", "KWH", 1200),
        ("0.0012", "MWh", 1200),
        ("12,5", "kWh", 12_500),
        (" 1200 ", "Wh", 1200),
        ("1200", None, 1200),
        ("1200", "", 1200),
    ],
)
def test_energy_is_whole_watt_hours_rounded_half_up_once(
    value: str, unit: str | None, energy_wh: int
) -> None:
    reading, _ = reading_16({"value": value, "unit": unit} if unit is not None else {"value": value})
    assert reading.energy_wh == energy_wh
    assert reading.samples[0].value == value


@pytest.mark.parametrize(
    "value",
    [
        "NaN",
        "nan",
        "inf",
        "-Infinity",
        "",
        " ",
        "abc",
        "1_000",
        "1,234.5",
        "1,2,3",
        "9.9e9",
        "-5",
        "1e400",
        "0x10",
    ],
)
def test_a_useless_value_is_kept_raw_and_never_counted(value: str) -> None:
    reading, quirks = reading_16({"value": value}, {"value": "7000", "measurand": "Power.Active.Import"})
    assert (reading.samples[0].value, reading.samples[0].number) == (value, None)
    assert (reading.energy_wh, reading.power_w) == (None, 7000)
    assert quirks == {"Q57"}


@pytest.mark.parametrize(
    ("measurand", "unit", "value"),
    [
        ("Power.Active.Import", "kW", "9.9e9"),
        ("Voltage", "V", "9.9e9"),
        ("Current.Import", "A", "9.9e9"),
        ("SoC", "Percent", "101"),
        ("SoC", "Percent", "-1"),
        ("Frequency", "Hertz", "9.9e9"),
        ("Temperature", "Celsius", "9.9e9"),
    ],
)
def test_a_spike_beyond_what_can_be_is_no_number(measurand: str, unit: str, value: str) -> None:
    reading, quirks = reading_16({"value": value, "measurand": measurand, "unit": unit})
    assert reading.samples[0].number is None
    assert (reading.power_w, reading.soc_percent) == (None, None)
    assert quirks == {"Q57"}


def test_import_and_export_in_one_sample_bill_the_import_only() -> None:
    reading, _ = reading_16(
        {"value": "999", "measurand": "Energy.Active.Export.Register"},
        {"value": "1200", "measurand": ENERGY},
        {"value": "50", "measurand": "Energy.Active.Import.Interval"},
    )
    assert reading.energy_wh == 1200


def test_the_inlet_is_never_billed_but_is_what_a_main_meter_measures() -> None:
    inlet = {"value": "5000", "measurand": ENERGY, "location": "Inlet"}
    outlet = {"value": "1200", "measurand": ENERGY, "location": "Outlet"}
    assert reading_16(inlet)[0].energy_wh is None
    assert reading_16(inlet, outlet)[0].energy_wh == 1200
    assert reading_16(inlet, main=True)[0].energy_wh == 5000
    assert reading_16({"value": "9", "location": "EV"})[0].energy_wh is None
    assert reading_16({"value": "9", "location": "Cable"})[0].energy_wh == 9


PHASES = [
    {"value": v, "measurand": ENERGY, "phase": p}
    for v, p in (("100.2", "L1"), ("200.2", "L2"), ("300.1", "L3"))
]


def test_the_three_layouts_of_phases_give_one_result() -> None:
    total = {"value": "600.5", "measurand": ENERGY}
    summed, quirks = reading_16(*PHASES)
    assert (summed.energy_wh, quirks) == (601, {"Q54"})
    both, quirks = reading_16(*PHASES, total)
    assert (both.energy_wh, quirks) == (601, set())
    # A total that is labelled L1.
    assert reading_16({"value": "600.5", "measurand": ENERGY, "phase": "L1"})[0].energy_wh == 601


def test_power_per_phase_is_summed_and_never_made_from_current_and_voltage() -> None:
    powers = [
        {"value": "2.3", "measurand": "Power.Active.Import", "unit": "kW", "phase": f"L{n}-N"}
        for n in (1, 2, 3)
    ]
    assert reading_16(*powers)[0].power_w == 6900
    reading, _ = reading_16(
        {"value": "16", "measurand": "Current.Import", "unit": "A"},
        {"value": "230", "measurand": "Voltage", "unit": "V"},
    )
    assert reading.power_w is None


def test_a_phase_that_cannot_be_read_leaves_no_sum() -> None:
    assert reading_16(*PHASES[:2], {"value": "NaN", "measurand": ENERGY, "phase": "L3"})[0].energy_wh is None


def test_units_mixed_in_one_message_each_count_as_they_say() -> None:
    reading, _ = reading_16(
        {"value": "1.2", "measurand": ENERGY, "unit": "kWh"},
        {"value": "7.4", "measurand": "Power.Active.Import", "unit": "kW"},
        {"value": "80", "measurand": "SoC", "unit": "Percent", "location": "EV"},
    )
    assert (reading.energy_wh, reading.power_w, reading.soc_percent) == (1200, 7400, 80.0)
    assert [(s.number, s.unit) for s in reading.samples] == [(1.2, "kWh"), (7.4, "kW"), (80.0, "Percent")]


def test_an_energy_in_watts_proves_nothing() -> None:
    reading, quirks = reading_16({"value": "1200", "measurand": ENERGY, "unit": "W"})
    assert (reading.energy_wh, quirks) == (None, {"Q52"})
    assert reading.samples[0].number == 1200.0


def test_a_batch_without_energy_changes_no_energy() -> None:
    reading, _ = reading_16({"value": "41", "measurand": "SoC"})
    assert (reading.energy_wh, reading.soc_percent) == (None, 41.0)


def test_begin_and_end_in_one_list_leave_the_end() -> None:
    begin = {"value": "1000", "context": "Transaction.Begin"}
    end = {"value": "1500", "context": "Transaction.End"}
    assert reading_16(begin, end)[0].energy_wh == 1500
    assert reading_16(end, begin)[0].energy_wh == 1500


def test_words_are_understood_in_any_case() -> None:
    reading, _ = reading_16(
        {"value": "1", "measurand": "energy.active.import.register", "unit": "KWh",
         "context": "TRANSACTION.END",
         "location": "outlet", "phase": ""},
        {"value": "30", "measurand": "Temperature", "unit": "Celcius"},
    )  # fmt: skip
    assert reading.samples[0][3:] == ("kWh", "", "Outlet", "Transaction.End")
    assert reading.samples[1].unit == "Celsius"
    assert (reading.energy_wh, reading.context) == (1000, "Transaction.End")


SIGNED = 'OCMF|{"FV":"1.0"}|' + "ä0 \t" * 1000 + "\n"


def test_signed_data_is_kept_byte_for_byte_beside_raw_values_16() -> None:
    reading, quirks = reading_16(
        {"value": SIGNED, "format": "SignedData", "context": "Transaction.End"}, {"value": "1500"}
    )
    assert reading.signed
    assert reading.samples[0] == Sample(ENERGY, SIGNED, None, "SignedData", "", "Outlet", "Transaction.End")
    assert (reading.energy_wh, quirks) == (1500, set())


def test_signed_data_is_never_taken_for_a_number() -> None:
    reading, _ = reading_16({"value": "1500", "format": "SignedData"})
    assert (reading.energy_wh, reading.samples[0].number, reading.signed) == (None, None, True)


def test_signed_data_is_kept_byte_for_byte_beside_raw_values_2x() -> None:
    signed = {"signedMeterData": SIGNED, "encodingMethod": "OCMF", "publicKey": "MFkw=="}
    reading, _ = reading_2x({"value": 1500, "signedMeterValue": signed})
    assert reading.signed
    assert reading.energy_wh == 1500
    assert [(s.value, s.number, s.unit) for s in reading.samples] == [
        ("1500", 1500.0, "Wh"),
        (SIGNED, None, "SignedData OCMF"),
        ("MFkw==", None, "SignedData PublicKey"),
    ]


@pytest.mark.parametrize(
    ("value", "unit", "energy_wh"),
    [
        (1200, None, 1200),
        (1.2005, {"unit": "kWh"}, 1201),
        (1.2345, {"unit": "Wh", "multiplier": 3}, 1235),
        (12, {"unit": "kWh", "multiplier": -1}, 1200),
        (0.0005, {"multiplier": 3}, 1),
        (5, {"unit": "Wh", "multiplier": 0}, 5),
        (5, {"unit": "Wh", "multiplier": 99}, None),
        (9.9e9, {"unit": "Wh"}, None),
        (-1, {"unit": "Wh"}, None),
    ],
)
def test_a_multiplier_is_a_power_of_ten(value: float, unit: Any, energy_wh: int | None) -> None:
    sample = {"value": value, "measurand": ENERGY} | ({"unitOfMeasure": unit} if unit else {})
    reading, _ = reading_2x(sample)
    assert reading.energy_wh == energy_wh
    assert reading.samples[0].value == repr(value)


def test_a_state_of_charge_on_the_display_serves_where_there_is_no_other() -> None:
    assert reading_2x({"value": 60, "measurand": "Display.PresentSOC"})[0].soc_percent == 60.0
    both = reading_2x({"value": 61, "measurand": "SoC"}, {"value": 60, "measurand": "Display.PresentSOC"})
    assert both[0].soc_percent == 61.0


def test_a_reading_without_a_time_is_of_the_time_of_receipt() -> None:
    quirks: set[str] = set()
    readings, stamp = metered([{"sampledValue": [{"value": "1"}]}], CTX, read_16, quirks)
    assert (readings[0].at_ms, quirks) == (CTX.received_ms, {"Q29"})
    assert stamp is not None
    assert not stamp.trusted


def test_readings_are_each_of_their_own_time_and_the_newest_dates_the_message() -> None:
    values = [
        {"timestamp": "2026-01-05T07:30:00Z", "sampledValue": [{"value": "2"}]},
        {"timestamp": "2026-01-05T07:15:00Z", "sampledValue": [{"value": "1"}]},
    ]
    readings, stamp = metered(values, CTX, read_16, set())
    assert [r.at_ms for r in readings] == [AT_MS - 1_800_000, AT_MS - 2_700_000]
    assert stamp is not None
    assert (stamp.at_ms, stamp.live) == (AT_MS - 1_800_000, False)


def at(time: str, value: str = "1") -> dict[str, Any]:
    return {"timestamp": time, "sampledValue": [{"value": value}]}


def test_readings_of_a_whole_session_come_with_its_stop_and_keep_their_times() -> None:
    values = [at("2026-01-05T02:00:00Z"), at("2026-01-05T07:59:00Z")]
    stop = judge(AT, CTX.received_ms, 0, CTX.clock.last_live_ms)
    quirks: set[str] = set()
    readings, _ = metered(values, CTX, read_16, quirks, within=stop)
    assert [r.at_ms for r in readings] == [AT_MS - 6 * 3_600_000, AT_MS - 60_000]
    assert quirks == set()


def test_readings_alone_go_back_no_further_than_the_last_live_message() -> None:
    quirks: set[str] = set()
    readings, stamp = metered([at("2026-01-05T02:00:00Z")], CTX, read_16, quirks)
    assert (readings[0].at_ms, quirks) == (CTX.received_ms, {"Q64"})
    assert stamp is not None
    assert not stamp.trusted


def test_readings_of_a_wrong_clock_keep_their_distances() -> None:
    values = [at("1970-01-01T00:10:00Z"), at("1970-01-01T00:25:00Z"), at("1970-01-01T00:40:00Z")]
    now = CTX.received_ms
    readings, _ = metered(values, CTX, read_16, set())
    assert [r.at_ms for r in readings] == [now - 1_800_000, now - 900_000, now]
    stop = judge("1970-01-01T00:50:00Z", now, 0, CTX.clock.last_live_ms)
    readings, _ = metered(values, CTX, read_16, set(), within=stop)
    assert [r.at_ms for r in readings] == [now - 2_400_000, now - 1_500_000, now - 600_000]


def test_readings_of_two_clocks_are_not_laid_decades_apart() -> None:
    values = [at("1970-01-01T00:10:00Z"), at("2031-01-01T00:00:00Z")]
    readings, _ = metered(values, CTX, read_16, set())
    assert [r.at_ms for r in readings] == [CTX.received_ms + 1, CTX.received_ms]


def test_readings_without_times_of_their_own_are_all_of_different_instants() -> None:
    """A reading is known by its instant: two of one would be one, though both were acknowledged."""
    values = [{"sampledValue": [{"value": str(number)}]} for number in range(3)]
    first, _ = metered(values, CTX, read_16, set())
    context = changed(CTX, metered_ms=first[-1].at_ms)
    second, stamp = metered([at("1970-01-01T00:10:00Z"), *values], context, read_16, set())
    instants = [r.at_ms - CTX.received_ms for r in (*first, *second)]
    assert instants == [0, 1, 2, 3, 4, 5, 6]
    assert stamp is not None
    ahead = changed(CTX, metered_ms=CTX.received_ms + 240_000)
    (only,), _ = metered(values[:1], ahead, read_16, set())
    assert only.at_ms == CTX.received_ms, "a clock four minutes fast is believed, and no reason to follow it"


@given(st.decimals(0, 5_000_000, places=6), st.sampled_from([1, 1000]))
def test_rounding_is_that_of_decimals(number: Decimal, factor: int) -> None:
    number = Decimal(repr(float(number)))
    expected = int((number * factor).quantize(Decimal(1), ROUND_HALF_UP))
    assert rounded(float(number), factor) == expected


@given(st.integers(0, 4_999_999_999), st.integers(0, 3))
def test_energy_is_the_same_in_wh_kwh_and_with_a_multiplier(wh: int, exponent: int) -> None:
    in_kwh = str(Decimal(wh) / 1000)
    assert reading_16({"value": str(wh)})[0].energy_wh == wh
    assert reading_16({"value": in_kwh, "unit": "kWh"})[0].energy_wh == wh
    scaled = float(Decimal(wh).scaleb(-exponent))
    assert reading_2x({"value": scaled, "unitOfMeasure": {"multiplier": exponent}})[0].energy_wh == wh


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=4), below, max_size=3),
    max_leaves=6,
)
_RAW = st.fixed_dictionaries(
    {},
    optional={
        name: _ANY
        for name in (
            "value", "measurand", "unit", "phase", "location", "context", "format", "signedMeterValue",
        )
    } | {"unitOfMeasure": st.fixed_dictionaries({}, optional={"unit": _ANY, "multiplier": _ANY})},
)  # fmt: skip


@given(st.lists(_RAW | _ANY, max_size=4) | _ANY)
def test_no_sample_breaks_the_reading(samples: Any) -> None:
    for read in (read_16, read_2x):
        values = [{"timestamp": AT, "sampledValue": samples}]
        for reading in metered(values, CTX, read, set()).readings:
            assert reading.energy_wh is None or 0 <= reading.energy_wh <= 15_000_000_000
            for sample in reading.samples:
                assert sample.number is None or abs(sample.number) <= 1e15


@given(_ANY)
def test_no_list_of_meter_values_breaks_the_reading(values: Any) -> None:
    metered(values, CTX, read_16, set())
    metered([values], CTX, read_2x, set())
