"""What was seen around a fault's onset, as lanes of states and lines of a chart."""

from collections.abc import Iterable

import numpy as np

from app.analytics.fault_effects import FaultSigns, Measured
from app.analytics.results import LinkSpan, StatusSpan
from app.domain.status import LinkState, Shown, shown_state
from ui.models.words import LINK, STATUS, error_words
from ui.widgets.charts import Series
from ui.widgets.series_of import power_line
from ui.widgets.state_lane import Lane, Stretch

MOST_LANES = 4
NAME = {"Temperature": "Temperature", "Voltage": "Voltage", "Current.Import": "Current"}
UNIT = {"Celsius": "°C", "Fahrenheit": "°F"}


def lanes_of(signs: FaultSigns) -> list[Lane]:
    """A lane for each plug, and one for the link where it was not up all the time."""
    by_plug: dict[tuple[int, int], list[StatusSpan]] = {}
    for span in signs.statuses:
        by_plug.setdefault((span.evse, span.connector), []).append(span)
    lanes = [
        Lane(f"EVSE {evse}" if connector <= 1 else f"EVSE {evse}.{connector}", tuple(_statuses(spans, signs)))
        for (evse, connector), spans in sorted(by_plug.items())
        if evse
    ]
    links = tuple(_links(signs.links, signs))
    if any(stretch.shown is not Shown.AVAILABLE for stretch in links) or not lanes:
        lanes = [*lanes[: MOST_LANES - 1], Lane("Link", links)]
    return [lane for lane in lanes[:MOST_LANES] if lane.stretches]


def _statuses(spans: Iterable[StatusSpan], signs: FaultSigns) -> Iterable[Stretch]:
    for span in spans:
        word = STATUS.get(span.status, str(span.status))
        if span.error:
            word = f"{word}, {error_words(span.error).lower()}"
        shown = shown_state(span.status, LinkState.ONLINE, warning=bool(span.error))
        yield Stretch(span.start_ms, span.end_ms or signs.to_ms, shown, word)


def _links(spans: Iterable[LinkSpan], signs: FaultSigns) -> Iterable[Stretch]:
    for span in spans:
        if span.state is None:
            shown, word = Shown.UNKNOWN, "Forecourt could not see"
        else:
            word = LINK.get(span.state, str(span.state))
            shown = {LinkState.ONLINE: Shown.AVAILABLE, LinkState.DOUBTFUL: Shown.DEGRADED}.get(
                span.state, Shown.OFFLINE
            )
        yield Stretch(span.start_ms, span.end_ms or signs.to_ms, shown, word)


def power_lines(signs: FaultSigns) -> list[Series]:
    """The power of the faulty EVSE, or of each where all of the station is."""
    kinds = ("main", "second", "third")
    found = []
    for place, (evse, series) in enumerate(signs.powers[:3]):
        if any(value is not None for value in series.values):
            found.append(power_line(series, f"EVSE {evse}" if evse else "Station", kind=kinds[place]))
    return found


def measured_line(measured: Measured) -> Series:
    """A measurand as a line, in its own unit."""
    times, values = np.array(measured.at_ms, np.int64), np.array(measured.values, np.float64)
    return Series(name_of(measured), times, values, "main", unit=unit_of(measured))


def name_of(measured: Measured) -> str:
    """What was measured, in a word."""
    return NAME.get(measured.name, measured.name)


def unit_of(measured: Measured) -> str:
    """The unit as it is written."""
    return UNIT.get(measured.unit, measured.unit)
