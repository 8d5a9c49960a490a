"""The list of what is wrong now."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from app.fleet.views import StationView, Trouble
from ui.models.cells import Cell, Column, Tone
from ui.theme import formats


@dataclass(frozen=True, slots=True)
class TroubleRow:
    """One trouble with the words its station is known by."""

    trouble: Trouble
    name: str
    site: str

    @property
    def key(self) -> tuple[str, int, int, str, str]:
        """What stays the same while its age grows."""
        t = self.trouble
        return (t.station, t.evse, t.connector, t.kind, t.text)


def rows(troubles: Iterable[Trouble], stations: Mapping[str, StationView]) -> list[TroubleRow]:
    """Troubles in the order given, with site and name beside them."""
    found = []
    for trouble in troubles:
        view = stations.get(trouble.station)
        found.append(TroubleRow(trouble, view.name if view else "", view.site if view else ""))
    return found


def where(row: TroubleRow) -> str:
    """ "VTP-03 · connector 2 · Venlo"; the server itself where no station is meant."""
    t = row.trouble
    if not t.station:
        return "This server"
    parts = [t.station, f"connector {t.evse}" if t.evse else "", row.site]
    return " · ".join(part for part in parts if part)


def sentence(row: TroubleRow, now_ms: int) -> str:
    """The whole row as a screen reader says it."""
    t = row.trouble
    return f"{t.text}, {where(row)}, {t.shown.value}, for {formats.duration(max(0, now_ms - t.since_ms))}"


def columns(now_ms: Callable[[], int]) -> tuple[Column[TroubleRow], ...]:
    """Shape with words over station and site; age at the right."""
    return (
        Column(
            "what",
            "What",
            lambda r: Cell(
                r.trouble.text,
                shapes=(r.trouble.shown,),
                strong=True,
                below=where(r),
                spoken=sentence(r, now_ms()),
            ),
            stretch=True,
            fixed=True,
        ),
        Column(
            "age",
            "For",
            lambda r: Cell(formats.duration(max(0, now_ms() - r.trouble.since_ms)), tone=Tone.QUIET),
            "12 h 59 min",
            right=True,
            fixed=True,
        ),
    )
