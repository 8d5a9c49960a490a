"""Seeded pictures of a network, so that pages can be shown without a server."""

import random
from collections.abc import Iterable
from dataclasses import replace

from app.domain.status import WORST_FIRST, Admission, ConnectorStatus, LinkState, Shown, shown_state, worst
from app.fleet.views import (
    Changes,
    ConnectorView,
    MessageView,
    Picture,
    ServerView,
    StationView,
    Totals,
    Trouble,
    Waiting,
)
from ui.models.words import error_words

NOW_MS = 1_792_067_528_000
"""15 October 2026, 14:32:08 in Amsterdam."""

MINUTE = 60_000
HOUR = 60 * MINUTE

SITES = (
    ("Utrecht Merwede", "UTM", 52.08, 5.10),
    ("Breda Princenhage", "BRP", 51.58, 4.74),
    ("Gent Ledeberg", "GNL", 51.04, 3.75),
    ("Antwerpen Linkeroever", "ANT", 51.22, 4.38),
    ("Venlo Blerick", "VLB", 51.37, 6.15),
    ("Köln Mülheim", "KLM", 50.96, 7.01),
    ("Aachen Nord", "AAN", 50.79, 6.10),
    ("Lille Fives", "LIF", 50.63, 3.09),
    ("Münster Gievenbeck", "MSG", 51.96, 7.58),
    ("Luxembourg Gasperich", "LUG", 49.59, 6.12),
    ("Hamburg Altona", "HHA", 53.55, 9.93),
    ("Kassel Waldau", "KSW", 51.29, 9.51),
)
MAKERS = (("Nordwatt", "NW-300 Duo"), ("Helion", "Quadra 150"), ("Ampaio", "Via 22"), ("Kestrel Power", "K2"))
VERSIONS = ("1.6", "1.6", "2.0.1", "2.1")


def picture(stations: int = 48, *, seed: int = 54, broken: bool = False, waiting: int = 0) -> Picture:
    """A picture of `stations` stations; `broken` makes each of them fail in one way or other."""
    made = (_station(random.Random(f"{seed} {i}"), i, broken) for i in range(stations))
    views = {view.station: view for view in made}
    server = ServerView(
        state="failed" if broken else "listening",
        cause="Port 9220 is already in use." if broken else "",
        urls=() if broken else ("ws://192.168.40.12:9220/",),
        started_ms=NOW_MS - 9 * HOUR,
        recording=not broken,
        recording_cause="The disk is full." if broken else "",
        connected=sum(1 for v in views.values() if v.link is LinkState.ONLINE),
        by_version=tuple(
            (v, sum(1 for s in views.values() if s.version == v)) for v in ("1.6", "2.0.1", "2.1")
        ),
        messages_per_minute=9 * stations,
        messages_total=120_000,
        database_bytes=184_000_000,
        last_backup_ms=NOW_MS - 12 * HOUR,
        backup_verified=True,
    )
    return Picture(
        at_ms=NOW_MS,
        stations=views,
        totals=totals_of(views.values()),
        troubles=troubles_of(views.values()),
        waiting=tuple(_waiting(i) for i in range(waiting)),
        server=server,
    )


def changed(before: Picture, *views: StationView) -> tuple[Picture, Changes]:
    """The picture after `views` took the place of their earlier selves, and the changes that say so."""
    stations = {**before.stations, **{view.station: view for view in views}}
    totals, troubles = totals_of(stations.values()), troubles_of(stations.values())
    after = replace(before, at_ms=before.at_ms + 100, stations=stations, totals=totals, troubles=troubles)
    return after, Changes(stations={v.station: v for v in views}, totals=totals, troubles=troubles)


def with_connector(view: StationView, index: int, **values: object) -> StationView:
    """`view` with one plug changed; what is shown of plug and station follows."""
    plugs = list(view.connectors)
    plug = replace(plugs[index], **values)  # type: ignore[arg-type]
    plugs[index] = replace(plug, shown=shown_state(plug.status, view.link, warning=bool(plug.error)))
    return replace(
        view,
        connectors=tuple(plugs),
        shown=worst(tuple(p.shown for p in plugs)),
        power_w=sum(p.power_w or 0 for p in plugs),
    )


def totals_of(views: Iterable[StationView]) -> Totals:
    """The KPI figures of `views`."""
    views = list(views)
    plugs = [plug for view in views for plug in view.connectors]
    counts = {shown: sum(1 for plug in plugs if plug.shown is shown) for shown in WORST_FIRST}
    return Totals(
        stations=len(views),
        online=sum(1 for v in views if v.link in (LinkState.ONLINE, LinkState.DOUBTFUL)),
        offline=sum(1 for v in views if v.link is LinkState.OFFLINE),
        never=sum(1 for v in views if v.link is LinkState.NEVER),
        connectors=tuple((shown, count) for shown, count in counts.items() if count),
        power_w=sum(v.power_w or 0 for v in views),
        power_missing=sum(1 for p in plugs if p.status is ConnectorStatus.CHARGING and p.power_w is None),
        energy_today_wh=sum(v.energy_today_wh for v in views),
        sessions_open=sum(v.sessions_open for v in views),
    )


def troubles_of(views: Iterable[StationView]) -> tuple[Trouble, ...]:
    """What is wrong with `views`, worst and oldest first."""
    found = []
    for view in views:
        if view.link is LinkState.OFFLINE:
            since = view.link_since_ms or NOW_MS
            found.append(Trouble(view.station, 0, 0, "offline", Shown.OFFLINE, "Link lost", since))
            continue
        for plug in view.connectors:
            if plug.shown in (Shown.FAULTED, Shown.DEGRADED) and plug.error:
                text = error_words(plug.error)
                found.append(
                    Trouble(
                        view.station, plug.evse, plug.connector, "error", plug.shown, text,
                        plug.since_ms or NOW_MS, plug.vendor_error,
                    )
                )  # fmt: skip
    return tuple(sorted(found, key=lambda t: (WORST_FIRST.index(t.shown), t.since_ms)))


def messages(view: StationView, count: int = 40, *, start_ms: int = NOW_MS) -> list[MessageView]:
    """`count` lines of one station's log, oldest first: heartbeats and meter values with answers."""
    lines = []
    for i in range(count // 2):
        at = start_ms - (count // 2 - i) * 15_000
        mid = f"{view.station}-{i}"
        if i % 3:
            frame = f'[2,"{mid}","Heartbeat",{{}}]'
            answer = f'[3,"{mid}",{{"currentTime":"2026-10-15T12:32:07Z"}}]'
            action = "Heartbeat"
        else:
            value = 58_400 + i * 10
            frame = (
                f'[2,"{mid}","MeterValues",{{"connectorId":1,"transactionId":48263,"meterValue":'
                f'[{{"timestamp":"2026-10-15T12:32:00Z","sampledValue":[{{"value":"{value}","unit":"W",'
                '"measurand":"Power.Active.Import"},{"value":"18251900","unit":"Wh"}]}]}]'
            )
            answer = f'[3,"{mid}",{{}}]'
            action = "MeterValues"
        lines.append(MessageView(at, view.station, "in", action, mid, "call", frame))
        lines.append(MessageView(at + 3, view.station, "out", action, mid, "result", answer, latency_ms=3))
    return lines


def _station(rng: random.Random, number: int, broken: bool) -> StationView:
    name, short, latitude, longitude = SITES[number % len(SITES)]
    station = f"{short}-{number // len(SITES) + 1:02d}"
    vendor, model = MAKERS[number % len(MAKERS)]
    fate = rng.random()
    if broken:
        fate = (0.01, 0.06, 0.11, 0.13)[number % 4]
    link = LinkState.ONLINE
    since = NOW_MS - rng.randrange(1, 400) * MINUTE
    seen: int | None = NOW_MS - rng.randrange(1, 25) * 1000
    if fate < 0.05:
        link, seen = LinkState.OFFLINE, since
    elif 0.12 <= fate < 0.14:
        link, seen = LinkState.NEVER, None
    elif 0.14 <= fate < 0.16:
        link = LinkState.DOUBTFUL
    plugs = tuple(_plug(rng, station, n + 1, link, fate) for n in range(rng.choice((1, 2, 2, 3))))
    return StationView(
        station=station,
        name=f"{name} {number // len(SITES) + 1}",
        site=name,
        latitude=latitude + rng.uniform(-0.004, 0.004),
        longitude=longitude + rng.uniform(-0.004, 0.004),
        admission=Admission.ACCEPTED,
        link=link,
        link_since_ms=since if link is not LinkState.NEVER else None,
        last_seen_ms=seen,
        shown=worst(tuple(p.shown for p in plugs)),
        version="" if link is LinkState.NEVER else VERSIONS[number % len(VERSIONS)],
        tls=number % 5 == 0,
        peer="" if link is LinkState.NEVER else f"10.8.0.{number % 250 + 2}",
        vendor=vendor,
        model=model,
        serial=f"{short}{number:05d}",
        firmware=f"{1 + number % 4}.{number % 9}.{number % 7}",
        connectors=plugs,
        power_w=sum(p.power_w or 0 for p in plugs),
        energy_today_wh=rng.randrange(0, 700_000) if link is not LinkState.NEVER else 0,
        sessions_open=sum(1 for p in plugs if p.session is not None),
        round_trip_ms=rng.randrange(20, 80) if link is LinkState.ONLINE else None,
        quirks=(("Q23", 412), ("Q31", 3)) if number % 7 == 0 else (),
    )


def _plug(rng: random.Random, station: str, number: int, link: LinkState, fate: float) -> ConnectorView:
    rated = rng.choice((22_000, 150_000, 150_000, 300_000))
    kind = "Type 2" if rated == 22_000 else "CCS"
    status = rng.choice(
        (ConnectorStatus.AVAILABLE,) * 5
        + (ConnectorStatus.CHARGING,) * 3
        + (ConnectorStatus.PREPARING, ConnectorStatus.FINISHING, ConnectorStatus.RESERVED)
        + (ConnectorStatus.UNAVAILABLE, ConnectorStatus.SUSPENDED_EV)
    )
    error = ""
    if 0.05 <= fate < 0.10:
        status, error = ConnectorStatus.FAULTED, "ConnectorLockFailure"
    elif 0.10 <= fate < 0.12:
        status, error = ConnectorStatus.CHARGING, "HighTemperature"
    if link is LinkState.NEVER:
        status = ConnectorStatus.UNKNOWN
    busy = status in (ConnectorStatus.CHARGING, ConnectorStatus.SUSPENDED_EV)
    shown = shown_state(status, link, warning=bool(error) and status is not ConnectorStatus.FAULTED)
    flowing = status is ConnectorStatus.CHARGING
    return ConnectorView(
        station=station,
        evse=number,
        connector=1,
        status=status,
        shown=shown,
        since_ms=NOW_MS - rng.randrange(1, 300) * MINUTE,
        error=error,
        vendor_error="E-117" if error else "",
        kind=kind,
        rated_power_w=rated,
        power_w=int(rated * rng.uniform(0.2, 0.95)) if flowing else (0 if busy else None),
        value_at_ms=NOW_MS - rng.randrange(1, 50) * 1000 if busy else None,
        usual_interval_ms=30_000 if busy else None,
        session=48_000 + rng.randrange(900) if busy else None,
        session_started_ms=NOW_MS - rng.randrange(1, 90) * MINUTE if busy else None,
        session_energy_wh=rng.randrange(500, 65_000) if busy else None,
        session_token=f"04A2{rng.randrange(10**6):06d}" if busy else "",
        soc_percent=float(rng.randrange(10, 95)) if busy and rated > 22_000 else None,
    )


def _waiting(number: int) -> Waiting:
    kinds = (
        ("waiting", "accept"),
        ("The password does not match.", "set-password"),
        ("It offers no OCPP version that Forecourt speaks.", "assume-1.6"),
        ("The address has no identity at its end.", ""),
    )
    cause, remedy = kinds[number % len(kinds)]
    vendor, model = MAKERS[number % len(MAKERS)]
    return Waiting(
        identity=f"{vendor[:2].upper()}-P22{number:03d}",
        peer=f"192.168.40.{60 + number}",
        since_ms=NOW_MS - (number + 2) * MINUTE,
        last_ms=NOW_MS - (number + 1) * 4_000,
        count=12 + number,
        cause=cause,
        remedy=remedy,
        version="1.6" if cause == "waiting" else "",
        vendor=vendor if cause == "waiting" else "",
        model=model if cause == "waiting" else "",
        held_messages=3 if cause == "waiting" else 0,
    )
