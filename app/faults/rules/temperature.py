"""Temperatures above their limit, with a dead band (reference section C.3: 5 %)."""

from collections.abc import Mapping

import msgspec

from app.domain.meter import Sample
from app.domain.records import ReadingRecord, Record
from app.faults.limits import Limits
from app.faults.rule import Scene
from app.faults.standing import NONE, Place, Resumes, Standing, Told


class TemperatureLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """limit_c by location (others: "Outlet"), crossed in `readings` in a row; it ends at dead_band less."""

    limit_c: dict[str, float]
    readings: int
    dead_band: float


class Temperature(Resumes):
    """Reads the temperatures that meters send along."""

    name = "temperature"
    hears: tuple[type, ...] = (ReadingRecord,)

    def __init__(self, limits: Limits) -> None:
        self._limits = limits.of(self.name, TemperatureLimits)
        self._standing = Standing(self.name)
        self._high: dict[tuple[Place, str], int] = {}

    def hear(self, record: Record, scene: Scene) -> Told:
        """A reading."""
        assert isinstance(record, ReadingRecord)
        told = NONE
        for sample in record.reading.samples:
            if sample.measurand == "Temperature" and sample.number is not None:
                place = Place(record.station, record.evse, record.connector)
                told += self._judge(place, sample, record.reading.at_ms, scene)
        return told

    def _judge(self, place: Place, sample: Sample, at_ms: int, scene: Scene) -> Told:
        limit = self._limit(self._limits.limit_c, sample.location)
        if limit is None or sample.number is None:
            return NONE
        celsius, key = _celsius(sample.number, sample.unit), (place, sample.location)
        if celsius <= limit:
            self._high.pop(key, None)
            if celsius > limit * (1 - self._limits.dead_band):
                return NONE
            return self._standing.end(place, at_ms, lambda f: f.mark == sample.location, celsius=celsius)
        self._high[key] = self._high.get(key, 0) + 1
        if self._high[key] < self._limits.readings or self._standing.holds(place, mark=sample.location):
            return NONE
        evidence = {"celsius": round(celsius, 1), "threshold_celsius": limit, "location": sample.location}
        title = f"{celsius:.0f} °C, over {limit:g} °C ({sample.location.lower()})"
        return self._standing.begin(scene, place, "HighReading", at_ms, title, evidence, mark=sample.location)

    def _limit(self, limits: Mapping[str, float], location: str) -> float | None:
        found = limits.get(location, limits.get("Outlet"))
        return found or None


def _celsius(number: float, unit: str) -> float:
    match unit:
        case "K":
            return number - 273.15
        case "Fahrenheit":
            return (number - 32) / 1.8
        case _:
            return number
