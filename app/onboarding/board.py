"""The board at the door: one row per charger with its cause in words and the remedies that fit. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.status import Admission, LinkState
from app.fleet.views import ServerView, StationView, Waiting
from app.onboarding.causes import KINDS, kind_of
from app.onboarding.contact import HOUR_MS, Contact
from app.onboarding.remedies import Remedy, remedies_for

CLOCK_OFF_MS = 60_000
"""A clock further off than this makes session times wrong enough to say so."""
SILENT_MS = 30_000
"""A station that has not introduced itself after this is asked to."""
MIXED = "Q74"
"""The quirk of 1.6 payloads on a 2.x link."""
PATHS = frozenset(
    (
        "ocpp", "ocppj", "ocpp16", "ocpp1.6", "ocpp16j", "ocpp1.6j", "ocpp201", "ocpp2.0.1", "ws", "wss",
        "websocket", "csms", "cpo", "api", "steve", "centralsystemservice", "centralsystem", "webservices",
    )
)  # fmt: skip
"""Last parts of an address that are a path of some server, hardly an identity."""

HELD_OFF = "held-off"
"""Kept out on purpose by a commissioning, which shows it itself."""

REFUSED, WAITING, WARNED, CONNECTED, SOLVED = "refused", "waiting", "warned", "connected", "solved"
_ORDER = (WAITING, REFUSED, WARNED, CONNECTED, SOLVED)


@dataclass(frozen=True, slots=True)
class Row:
    """One charger at the door.

    Attributes:
        state: refused, waiting, warned (let in, with something to mend), connected or solved.
        kind: key of the cause in `causes.KINDS`, or "clock", "silent", "path", "mixed" of one let in.
        text: the cause in one or two sentences.
        remedies: what mends it; the first is the main one.
        facts: what is known of it, as (word, value) pairs.
    """

    key: str
    identity: str
    station: str
    peer: str
    state: str
    kind: str
    title: str
    text: str
    tries: int
    last_ms: int
    remedies: tuple[Remedy, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


def rows(
    contacts: Iterable[Contact],
    waiting: Iterable[Waiting],
    stations: Mapping[str, StationView],
    server: ServerView,
    now_ms: int,
) -> tuple[Row, ...]:
    """The board: who asks, then who is turned away, then who needs something, then who is in."""
    asking = {w.identity: w for w in waiting if w.cause == "waiting"}
    free = [s for s in stations.values() if _free(s)]
    found = [_asks(w, free, server) for w in asking.values()]
    for contact in contacts:
        if contact.identity in asking or kind_of(contact.cause).key == HELD_OFF:
            continue
        if contact.cause:
            found.append(_refused(contact, stations, free, server))
        elif now_ms - contact.last_ms < HOUR_MS:
            found.append(_inside(contact, stations.get(contact.station), server, now_ms))
    return tuple(sorted(found, key=lambda row: (_ORDER.index(row.state), -row.last_ms)))


def open_rows(found: Sequence[Row]) -> tuple[Row, ...]:
    """Those that still need somebody."""
    return tuple(row for row in found if row.state in (WAITING, REFUSED, WARNED))


def _asks(entry: Waiting, free: Sequence[StationView], server: ServerView) -> Row:
    told = " ".join(part for part in (entry.vendor, entry.model) if part)
    said = [f"It reports {told}" if told else "It has not said yet who made it"]
    if entry.version:
        said.append(f"OCPP {entry.version}")
    if entry.serial:
        said.append(f"serial {entry.serial}")
    text = ", ".join(said) + "."
    if entry.held_messages:
        text += f" {entry.held_messages} {'message' if entry.held_messages == 1 else 'messages'} kept for it."
    kind = KINDS["waiting"]
    key, title = kind.key, kind.title
    if entry.identity.casefold() in PATHS:
        key, title = "path", "Address ends with a path"
        text = f"It calls itself {entry.identity!r}, which looks like a path: the identity is missing. {text}"
    remedies = remedies_for(key, entry.identity, entry.peer, server, _like(entry.identity, free))
    facts = (("Identity", entry.identity), ("Address", entry.peer), ("OCPP", entry.version))
    return Row(
        f"id {entry.identity}", entry.identity, "", entry.peer, WAITING, key, title, text, entry.count,
        entry.last_ms, remedies, tuple(f for f in facts if f[1]),
    )  # fmt: skip


def _refused(
    contact: Contact, stations: Mapping[str, StationView], free: Sequence[StationView], server: ServerView
) -> Row:
    kind = kind_of(contact.cause)
    suggestions = _like(contact.identity, free) if contact.identity not in stations else ()
    remedies = remedies_for(
        kind.key, contact.identity, contact.peer, server, suggestions,
        sends_password=contact.sends_password,
    )  # fmt: skip
    return Row(
        contact.key, contact.identity, "", contact.peer, REFUSED, kind.key, kind.title,
        _told(contact, kind.key), contact.tries, contact.last_ms, remedies, _facts(contact),
    )  # fmt: skip


def _told(contact: Contact, kind: str) -> str:
    """The cause for a technician, where the door's own sentence says less than is known."""
    match kind:
        case "wrong-password":
            return "It sends a password, but not the one that is set for it."
        case "no-identity":
            return (
                f"It called {contact.path or '/'} with no identity behind it. Some models need a box ticked."
            )
        case "certificate":
            return f"{contact.cause} Load this server's certificate into it."
        case "other-version":
            return f"{contact.cause} A newer firmware may add one of these."
        case "blocked":
            return "It failed too often and is held off for a while; a remedy lets it try at once."
    return contact.cause


def _inside(contact: Contact, view: StationView | None, server: ServerView, now_ms: int) -> Row:
    name = contact.station or contact.identity
    state, kind = (SOLVED if contact.solved_ms is not None else CONNECTED), ""
    title, text = "Connected", f"Let in with OCPP {contact.version}."
    if not contact.version:
        text = f"{contact.station} has connected from this address since."
    remedies: tuple[Remedy, ...] = ()
    skew = view.clock_skew_ms if view is not None else None
    online = view is not None and view.link in (LinkState.ONLINE, LinkState.DOUBTFUL)
    if view is not None and not online:
        title, text = "Was connected", "It was let in and has left since."
    elif name.casefold() in PATHS:
        state, kind = WARNED, "path"
        title = "Address ends with a path"
        text = f"Let in as {name!r}, which looks like a path: most likely its identity is missing."
    elif skew is not None and abs(skew) > CLOCK_OFF_MS:
        state, kind = WARNED, "clock"
        title = f"Clock is {_span(abs(skew))} {'ahead' if skew > 0 else 'behind'}"
        text = "Let in. Session times are wrong until its clock is set."
    elif view is not None and view.identity_doubtful:
        state, kind = WARNED, "identity-used"
        title, text = KINDS[kind].title, "Let in, but another charger calls with the same identity."
    elif view is not None and view.version != "1.6" and any(name == MIXED for name, _ in view.quirks):
        state, kind = WARNED, "mixed"
        title = f"Says 1.6 on a {view.version} link"
        text = "Let in, but its messages are those of OCPP 1.6. Pinned to 1.6, it is understood."
    elif view is not None and not (view.vendor or view.model) and now_ms - contact.last_ms > SILENT_MS:
        state, kind = WARNED, "silent"
        title, text = "Has not introduced itself", "Let in, but it has sent no boot message yet."
    elif view is not None and (view.vendor or view.model):
        text = f"{view.vendor} {view.model}".strip() + f", OCPP {view.version or contact.version}."
    if kind:
        remedies = remedies_for(kind, name, contact.peer, server, ())
    return Row(
        contact.key, contact.identity, name, contact.peer, state, kind or "connected", title, text,
        contact.tries, contact.last_ms, remedies, _facts(contact),
    )  # fmt: skip


def _facts(contact: Contact) -> tuple[tuple[str, str], ...]:
    told = (
        ("Identity", contact.identity),
        ("Address", contact.peer),
        ("Path", contact.path),
        ("Offers", ", ".join(contact.offered)),
        ("OCPP", contact.version),
        ("Transport", "TLS" if contact.tls else "plain"),
        ("First bytes", contact.sample),
    )
    return tuple(fact for fact in told if fact[1])


def _free(view: StationView) -> bool:
    """Whether a station is registered and nobody answers to its name now."""
    return view.admission is Admission.ACCEPTED and view.link in (LinkState.NEVER, LinkState.OFFLINE)


def _like(identity: str, free: Sequence[StationView]) -> tuple[str, ...]:
    """Registered stations that this caller most likely is: same name but for spelling, else the same
    serial, else the only one that never called. At most three."""
    bare = _bare(identity)
    if bare:
        near = [s.station for s in free if _near(bare, _bare(s.station)) or bare == _bare(s.serial)]
        if near:
            return tuple(near[:3])
    never = [s.station for s in free if s.link is LinkState.NEVER]
    return (never[0],) if len(never) == 1 else ()


def _near(one: str, other: str) -> bool:
    if not other or one == other:
        return bool(other)
    short, long = sorted((one, other), key=len)
    return len(short) >= 4 and (long.endswith(short) or long.startswith(short))


def _bare(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text.casefold())


def _span(milliseconds: int) -> str:
    minutes = milliseconds // 60_000
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 2_880 else f"{minutes // 1_440} days"
