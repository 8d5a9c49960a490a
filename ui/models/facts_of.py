"""Who a station is and how it is linked, as rows of label and value."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.domain.status import LinkState, Shown
from app.fleet.views import StationView
from ui.models.words import LINK
from ui.theme import formats

CLOCK_SOUND_MS = 10_000
"""A station clock within this is told as right."""


@dataclass(frozen=True, slots=True)
class Row:
    """A label and its value; `shown` puts a state's shape before it."""

    label: str
    value: str
    mono: bool = False
    shown: Shown | None = None


def model(view: StationView) -> str:
    """Maker and model, or a dash."""
    return " ".join(part for part in (view.vendor, view.model) if part) or "–"


def protocol(view: StationView) -> str:
    """ "OCPP 1.6, TLS, 41 ms"."""
    if not view.version:
        return "–"
    parts = [f"OCPP {view.version}", "TLS" if view.tls else "not encrypted"]
    if view.round_trip_ms is not None:
        parts.append(f"{formats.number(view.round_trip_ms)} ms")
    return ", ".join(parts)


def clock_words(skew_ms: int | None) -> str:
    """How the station's clock stands against ours."""
    if skew_ms is None:
        return "not known"
    if abs(skew_ms) <= CLOCK_SOUND_MS:
        return "right"
    return f"{formats.duration(abs(skew_ms))} {'ahead' if skew_ms > 0 else 'behind'}"


def identity(view: StationView, now_ms: int, zone: ZoneInfo) -> tuple[Row, ...]:
    """All that is known of a station, for its page and the peek panel."""
    late = view.link is LinkState.DOUBTFUL
    serial = f", serial {view.serial}" if view.serial else ""
    skew = view.clock_skew_ms
    rows = [
        Row("Model", f"{model(view)}{serial}"),
        Row("Firmware", view.firmware or "–"),
        Row("Protocol", protocol(view)),
        Row("Address", view.peer or "–", mono=bool(view.peer)),
        Row("Password", "set, checked at each connect" if view.has_password else "none asked"),
        Row(
            "Link",
            f"{LINK[view.link]} since {formats.when(view.link_since_ms, now_ms, zone)}"
            if view.link_since_ms is not None
            else LINK[view.link],
            shown=Shown.DEGRADED if late else Shown.OFFLINE if view.link is LinkState.OFFLINE else None,
        ),
        Row("Clock", clock_words(skew), shown=Shown.UNKNOWN if skew and abs(skew) > CLOCK_SOUND_MS else None),
        Row("Place", place(view)),
    ]
    if view.identity_doubtful:
        rows.insert(0, Row("Identity", "used by two chargers", shown=Shown.FAULTED))
    return tuple(rows)


def place(view: StationView) -> str:
    """Coordinates, or that it is not on the map."""
    if view.latitude is None or view.longitude is None:
        return "not on the map yet"
    return f"{view.latitude:.5f}, {view.longitude:.5f}"
