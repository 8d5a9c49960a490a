"""What a question is about: a span, and the sites or makes that count. Two of them are compared."""

from dataclasses import dataclass

from sqlalchemy import Connection

from app.domain.records import StationRecord
from app.domain.status import Admission
from app.store.readers.stations import all_stations


@dataclass(frozen=True, slots=True)
class Chosen:
    """[from, to) in ms UTC; empty `sites`, `vendor`, `model`, `firmware` mean all."""

    from_ms: int
    to_ms: int
    sites: tuple[str, ...] = ()
    vendor: str = ""
    model: str = ""
    firmware: str = ""

    def has(self, station: StationRecord) -> bool:
        """Whether a station counts."""
        return (
            station.admission in (Admission.ACCEPTED, Admission.RETIRED)
            and (not self.sites or station.site in self.sites)
            and self.vendor in ("", station.vendor)
            and self.model in ("", station.model)
            and self.firmware in ("", station.firmware)
        )


def stations_of(connection: Connection, chosen: Chosen) -> dict[str, StationRecord]:
    """The stations that count, by identity."""
    return {str(s.station): s for s in all_stations(connection) if chosen.has(s)}
