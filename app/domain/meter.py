"""What a meter said, in plain units, with the words of the station kept beside it."""

from typing import NamedTuple

from app.domain.fact import Fact

ENERGY_REGISTER = "Energy.Active.Import.Register"


class Sample(NamedTuple):
    """One sampled value with OCPP's defaults filled in (1.6 section 7.44; 2.x SampledValueType).

    `value` is the station's own text, never altered; `number` is it in `unit`, None where it
    is no number (signed data, NaN, empty) and must not be charted or billed.
    """

    measurand: str
    value: str
    number: float | None
    unit: str
    phase: str
    location: str
    context: str


class Reading(Fact, frozen=True):
    """All samples of one instant, and the few that the product computes with.

    `energy_wh` is the total import register at the outlet (Q53, Q54), None where the batch
    has none: a batch without energy changes no energy (Q55).
    """

    at_ms: int
    samples: tuple[Sample, ...] = ()
    energy_wh: int | None = None
    power_w: int | None = None
    soc_percent: float | None = None
    context: str = "Sample.Periodic"
    signed: bool = False
