"""What a session's panel says of it: figures, register check, and each flag in a sentence."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.analytics.results import CurvePoint, SessionDetail
from app.domain import forms
from app.domain.prices import Price
from app.domain.records import Flag, SessionRecord, SessionState
from app.domain.status import Shown
from ui.models.session_list import RUNNING, energy_worth, flag_shape
from ui.models.words import SESSION_STATE, flag_name, flag_sentence, pseudonym, stop_reason
from ui.theme import formats


@dataclass(frozen=True, slots=True)
class Remark:
    """One flag: its shape (None for a mere remark), name and sentence."""

    shown: Shown | None
    name: str
    sentence: str


def headline(session: SessionRecord, now_ms: int, zone: ZoneInfo) -> tuple[tuple[str, str], ...]:
    """The figures under the title: (figure, what it is)."""
    start = formats.when(session.started_ms or None, now_ms, zone)
    end_ms = session.ended_ms if session.ended_ms is not None else now_ms
    if session.ended_ms is None:
        span = f"since {start}"
    else:
        span = f"{start} to {formats.clock(session.ended_ms, zone)}"
    lasted = formats.duration(max(0, end_ms - session.started_ms)) if session.started_ms else "–"
    found = [(span, lasted), (formats.energy_text(session.energy_wh), _energy_word(session))]
    if session.peak_power_w is not None:
        found.append((formats.power_text(session.peak_power_w), "peak"))
    if session.soc_percent is not None:
        found.append((f"{formats.number(session.soc_percent)}%", "battery"))
    return tuple(found)


def _energy_word(session: SessionRecord) -> str:
    if session.energy_wh is None:
        return "no value yet" if session.state in RUNNING else "not proved"
    return "so far" if session.state in RUNNING else "delivered"


def rows(detail: SessionDetail, price: Price | None = None) -> tuple[tuple[str, str], ...]:
    """Register against the values received, how it ended, and the price that held at its start."""
    session = detail.line.session
    found = [
        ("State", SESSION_STATE[session.state]),
        ("Meter register", _register(session)),
        ("Values received", _values(detail.curve)),
        ("Card", pseudonym(session.token)),
        ("Transaction", str(session.transaction) or "–"),
    ]
    if session.state not in RUNNING:
        found.append(("Ended because", stop_reason(session.stop_reason)))
    if price is not None:
        found.append(("Price at its start", _price(price)))
        worth = energy_worth(detail.line, price)
        if worth:
            found.append(("Price × energy", worth))
    if session.closed_by:
        why = f": {session.closed_why}" if session.closed_why else ""
        found.append(("Closed by", f"{session.closed_by}{why}"))
    return tuple(found)


def _price(price: Price) -> str:
    parts = ((price.per_kwh, "kWh"), (price.per_minute, "minute"), (price.per_session, "session"))
    return ", ".join(
        f"{forms.price(part, price.currency)} a {unit}" for part, unit in parts if part or unit == "kWh"
    )


def _register(session: SessionRecord) -> str:
    last = session.meter_stop_wh if session.meter_stop_wh is not None else session.last_wh
    if session.meter_start_wh is None and last is None:
        return "not told"
    start = "not told" if session.meter_start_wh is None else formats.number(session.meter_start_wh / 1000, 1)
    if last is None:
        return f"from {start} kWh"
    return f"{start} to {formats.number(last / 1000, 1)} kWh"


def _values(curve: tuple[CurvePoint, ...]) -> str:
    if not curve:
        return "none"
    left_out = sum(1 for point in curve if not point.trusted)
    text = formats.count(len(curve), "reading")
    return f"{text}, {left_out} left out" if left_out else text


def remarks(session: SessionRecord) -> tuple[Remark, ...]:
    """Each flag explained, those that ask for a look first."""
    made = [Remark(flag_shape(flag), flag_name(flag), flag_sentence(flag)) for flag in session.flags]
    if session.state is SessionState.REVIEW and Flag.ORPHAN_STOP not in session.flags:
        made.insert(
            0, Remark(Shown.FAULTED, "Waits for a person", "It could not be put together for certain.")
        )
    return tuple(sorted(made, key=lambda remark: remark.shown is None))
