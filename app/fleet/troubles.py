"""What is wrong now, one line each in plain words; worst and oldest first."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app.domain.records import NoticeRecord
from app.domain.status import SEVERITY, Admission, ConnectorStatus, LinkState, Shown
from app.fleet.liveness import offline_ms
from app.fleet.plug import Plug
from app.fleet.post import Post
from app.fleet.views import ServerView, Trouble
from app.fleet.words import plain

NOTICE_MS = 86_400_000
"""A critical notice stays in the list of what is wrong for a day."""


def troubles_of(post: Post, now_ms: int, zone: ZoneInfo) -> tuple[Trouble, ...]:
    """What is wrong with one station. A station that is not part of the network has no troubles."""
    if post.record is not None and post.record.admission is not Admission.ACCEPTED:
        return ()
    found = [
        *_link(post, now_ms, zone),
        *_errors(post),
        *_doubts(post, now_ms),
        *(_security(post, now_ms) if post.notices else ()),
        *_identity(post),
        *_reviews(post),
    ]
    return tuple(found)


def server_troubles(server: ServerView, since_ms: int) -> tuple[Trouble, ...]:
    """What is wrong with the server itself, since when it changed."""
    found = []
    if not server.recording:
        text = "Nothing can be recorded, so nothing is acknowledged"
        found.append(_server(text, server.recording_cause, since_ms))
    if server.state == "failed":
        found.append(_server("No charger can connect", server.cause, since_ms))
    return tuple(found)


def in_order(troubles: Iterable[Trouble]) -> tuple[Trouble, ...]:
    """Worst first, and among equals the oldest."""
    return tuple(
        sorted(troubles, key=lambda t: (SEVERITY[t.shown], t.since_ms, t.station, t.evse, t.connector))
    )


def silent_since(post: Post, now_ms: int) -> int | None:
    """Since when a station with a link has said nothing, where that is longer than it should be."""
    if post.link is not LinkState.ONLINE or post.spoke_ms is None:
        return None
    return post.spoke_ms if now_ms - post.spoke_ms >= offline_ms(post.heartbeat_s) else None


def _link(post: Post, now_ms: int, zone: ZoneInfo) -> list[Trouble]:
    since = post.link_since_ms or 0
    if post.link is LinkState.OFFLINE:
        text = f"No link since {_clock(since, now_ms, zone)}"
        return [_trouble(post, "offline", Shown.OFFLINE, text, since, post.link_reason)]
    if post.link is LinkState.DOUBTFUL:
        heard = post.heard_ms if post.heard_ms is not None else since
        text = f"Nothing heard since {_clock(heard, now_ms, zone)}"
        return [_trouble(post, "doubtful", Shown.DEGRADED, text, since, post.link_reason)]
    silent = silent_since(post, now_ms)
    if silent is not None:
        text = f"Connected, but no message since {_clock(silent, now_ms, zone)}"
        return [_trouble(post, "silent", Shown.DEGRADED, text, silent)]
    return []


def _errors(post: Post) -> list[Trouble]:
    found = []
    words = _fault(post.status, post.error)
    if words:
        shown = Shown.FAULTED if post.status is ConnectorStatus.FAULTED else Shown.DEGRADED
        text = f"{words} (whole charger)"
        found.append(_trouble(post, "error", shown, text, post.error_since_ms or 0, post.vendor_error))
    for plug in post.plugs:
        words = _fault(plug.status, plug.error)
        if words:
            cause = None if plug.error else cause_of(post, plug)
            if cause is not None:
                words = plain(cause.name)
            found.append(_plug_error(post, plug, words, _told(cause)))
    return found


def cause_of(post: Post, plug: Plug) -> NoticeRecord | None:
    """The event that tells why a 2.x connector is Faulted: its status names no cause, the event
    of the component beside it does."""
    if plug.status is not ConnectorStatus.FAULTED:
        return None
    for notice in reversed(post.notices):
        here = not notice.connector or not plug.connector or notice.connector == plug.connector
        if notice.subject == "event" and notice.evse == plug.evse and here:
            return notice
    return None


def _told(cause: NoticeRecord | None) -> str:
    """The code and words that came with an event (techCode, techInfo)."""
    if cause is None:
        return ""
    try:
        detail = json.loads(cause.detail)
    except ValueError:
        return ""
    told = (detail.get("techCode"), detail.get("techInfo")) if isinstance(detail, dict) else ()
    return " · ".join(str(part) for part in told if part)


def _plug_error(post: Post, plug: Plug, words: str, told: str = "") -> Trouble:
    shown = Shown.FAULTED if plug.status is ConnectorStatus.FAULTED else Shown.DEGRADED
    detail = " · ".join(part for part in (plug.vendor_error, plug.info, told) if part)
    return Trouble(post.station, plug.evse, plug.connector, "error", shown, words, plug.since_ms or 0, detail)


def _doubts(post: Post, now_ms: int) -> list[Trouble]:
    """Statuses that something contradicts (Q61). Offline, nothing new can be said of them."""
    if not post.on_air:
        return []
    found = []
    for plug in post.plugs:
        doubt = plug.doubt(now_ms)
        if doubt is not None:
            text, since_ms = doubt
            found.append(
                Trouble(post.station, plug.evse, plug.connector, "status", Shown.DEGRADED, text, since_ms)
            )
    if post.deaf_since_ms is not None:
        text = "Hears, but answers no command"
        found.append(_trouble(post, "deaf", Shown.DEGRADED, text, post.deaf_since_ms))
    return found


def _fault(status: ConnectorStatus, error: str) -> str:
    """The fault in words; "" if there is none. Faulted without a code still is one (Q62)."""
    if error:
        return plain(error)
    return "Fault, no cause told" if status is ConnectorStatus.FAULTED else ""


def _security(post: Post, now_ms: int) -> list[Trouble]:
    told = {
        id(cause) for plug in post.plugs if not plug.error and (cause := cause_of(post, plug)) is not None
    }
    return [
        Trouble(
            post.station, n.evse or 0, n.connector or 0, "error" if n.subject == "boot" else "security",
            Shown.DEGRADED if n.subject == "boot" else Shown.FAULTED, plain(n.name),
            n.at_ms, n.detail if n.detail != "{}" else "",
        )
        for n in post.notices
        if now_ms - n.received_ms < NOTICE_MS and id(n) not in told
    ]  # fmt: skip


def _identity(post: Post) -> list[Trouble]:
    if post.identity_since_ms is None:
        return []
    text = "Two chargers use this identity"
    return [_trouble(post, "identity", Shown.DEGRADED, text, post.identity_since_ms)]


def _reviews(post: Post) -> list[Trouble]:
    if not post.reviews:
        return []
    count = len(post.reviews)
    text = "A session needs review" if count == 1 else f"{count} sessions need review"
    numbers = ", ".join(str(number) for number in list(post.reviews)[:20])
    return [_trouble(post, "session", Shown.DEGRADED, text, min(post.reviews.values()), numbers)]


def _trouble(post: Post, kind: str, shown: Shown, text: str, since_ms: int, detail: str = "") -> Trouble:
    return Trouble(post.station, 0, 0, kind, shown, text, since_ms, detail)


def _server(text: str, cause: str, since_ms: int) -> Trouble:
    return Trouble("", 0, 0, "server", Shown.FAULTED, text, since_ms, cause)


def _clock(at_ms: int, now_ms: int, zone: ZoneInfo) -> str:
    """ "13:54", with the day where it is not today."""
    at = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone)
    now = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(zone)
    if at.date() == now.date():
        return f"{at:%H:%M}"
    return f"{at.day} {at:%b %H:%M}" if at.year == now.year else f"{at.day} {at:%b %Y %H:%M}"
