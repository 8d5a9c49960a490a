"""What a connector's card and a station's banner say."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.domain.status import ConnectorStatus, LinkState, Shown
from app.fleet.views import ConnectorView, StationView, Trouble
from ui.models.staleness import Age, age_of, power_now
from ui.models.words import LINK, STATUS, error_words, pseudonym, within
from ui.theme import formats
from ui.theme.shapes import WORDS


@dataclass(frozen=True, slots=True)
class Card:
    """One connector. `share` is power over rated, None where either is unknown."""

    key: tuple[int, int]
    title: str
    kind: str
    shown: Shown
    state: str
    power: str
    unit: str
    power_note: str
    share: float | None
    share_note: str
    lines: tuple[tuple[str, str], ...]
    age: Age
    doubtful: bool
    session: int | None


def card(plug: ConnectorView, view: StationView, now_ms: int, zone: ZoneInfo) -> Card:
    """A connector as its card tells it. Once the link is lost, live values become a dash."""
    age = age_of(plug, view.link, now_ms)
    watts = power_now(plug, view.link)
    power, unit = formats.power(watts)
    share = watts / plug.rated_power_w if watts is not None and plug.rated_power_w else None
    note = ""
    if age is Age.STALE:
        note = f"as of {formats.clock(plug.value_at_ms, zone, seconds=True)}"
    elif age is Age.GONE and plug.power_w is not None and plug.value_at_ms is not None:
        last = formats.power_text(plug.power_w)
        note = f"last {last} at {formats.clock(plug.value_at_ms, zone, seconds=True)}"
    return Card(
        key=(plug.evse, plug.connector),
        title=str(plug.evse) if plug.connector <= 1 else f"{plug.evse}.{plug.connector}",
        kind=_kind(plug),
        shown=plug.shown,
        state=_state(plug, view),
        power=power,
        unit=unit,
        power_note=note,
        share=share,
        share_note=f"{formats.number(share * 100)}% of rated" if share is not None else "",
        lines=_lines(plug, view, now_ms, zone, age),
        age=age,
        doubtful=view.link is LinkState.DOUBTFUL,
        session=plug.session,
    )


def _kind(plug: ConnectorView) -> str:
    parts = [plug.kind]
    if plug.rated_power_w:
        parts.append(f"{formats.number(plug.rated_power_w / 1000)} kW")
    return ", ".join(part for part in parts if part)


def _state(plug: ConnectorView, view: StationView) -> str:
    if view.link in (LinkState.OFFLINE, LinkState.NEVER):
        return WORDS[plug.shown]
    text = STATUS[plug.status]
    if plug.shown is Shown.UNAVAILABLE and plug.status is not ConnectorStatus.UNAVAILABLE:
        return "Station out of service"
    if plug.shown is Shown.FAULTED and plug.status is not ConnectorStatus.FAULTED:
        return "Station faulted"
    return text


def _lines(
    plug: ConnectorView, view: StationView, now_ms: int, zone: ZoneInfo, age: Age
) -> tuple[tuple[str, str], ...]:
    lines: list[tuple[str, str]] = []
    if plug.error:
        told = error_words(plug.error)
        lines.append(("Reports", f"{told}, {plug.vendor_error}" if plug.vendor_error else told))
    if plug.info:
        lines.append(("Says", plug.info))
    if plug.session is not None:
        lines.append(("Session", f"{plug.session}, {pseudonym(plug.session_token, 'card')}"))
        since = plug.session_started_ms
        if since is not None:
            lines.append(
                (f"Since {formats.when(since, now_ms, zone)}", formats.duration(max(0, now_ms - since)))
            )
        energy = formats.energy_text(plug.session_energy_wh)
        soc = f", {formats.number(plug.soc_percent)}% battery" if plug.soc_percent is not None else ""
        suffix = ", may still run" if age is Age.GONE else ""
        lines.append(("Delivered", f"{energy}{soc}{suffix}"))
    else:
        # What the connector last said began before; its state now is that nobody hears it.
        since = view.link_since_ms if view.link is LinkState.OFFLINE else plug.since_ms
        if since is not None:
            lines.append(("Since", formats.when(since, now_ms, zone)))
            lines.append(("For", formats.duration(max(0, now_ms - since))))
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class Condition:
    """The banner of a station's page: what is the matter, in words. `fault` is the one it tells of."""

    shown: Shown
    title: str
    detail: str
    fault: int | None = None


def condition(view: StationView, troubles: tuple[Trouble, ...], now_ms: int, zone: ZoneInfo) -> Condition:
    """What is the matter with a station: its first trouble, or that all is well."""
    mine = [trouble for trouble in troubles if trouble.station == view.station]
    if view.link is LinkState.NEVER:
        return Condition(Shown.UNKNOWN, "Never connected", "It is registered, but has not called yet.")
    if mine:
        first = mine[0]
        where = f", connector {first.evse}" if first.evse else ""
        title = f"{WORDS[first.shown]}: {within(first.text)}{where}"
        parts = [f"Since {formats.when(first.since_ms, now_ms, zone)}", first.detail]
        if len(mine) > 1:
            parts.append(f"and {formats.count(len(mine) - 1, 'more trouble', 'more troubles')}")
        return Condition(first.shown, title, " · ".join(part for part in parts if part))
    if view.link is LinkState.OFFLINE:
        since = formats.when(view.link_since_ms, now_ms, zone)
        return Condition(
            Shown.OFFLINE, "Offline: no connection", f"Since {since}. Live values are not known."
        )
    busy = sum(1 for plug in view.connectors if plug.session is not None)
    title = f"Charging on {busy} of {len(view.connectors)}" if busy else WORDS[view.shown]
    return Condition(
        view.shown, title, f"{LINK[view.link]} since {formats.when(view.link_since_ms, now_ms, zone)}"
    )
