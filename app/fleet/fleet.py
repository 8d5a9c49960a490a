"""The live picture of the whole fleet: records in, snapshots and changes out.

One thread, the core's, calls everything here; `Subscription.take` alone may be called elsewhere.
Records are applied after their commit, at start from the store, then as they come. Views are built
at a tick, and only of what changed, so that a message costs microseconds and nobody watching costs
nothing.
"""

from collections import Counter
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.ids import StationId
from app.domain.records import (
    LinkRecord,
    NoticeRecord,
    ReadingRecord,
    Record,
    RefusalRecord,
    SessionRecord,
    StationRecord,
    StatusRecord,
)
from app.domain.status import WORST_FIRST, Admission, LinkState, Shown
from app.fleet.day import Today
from app.fleet.door import Door
from app.fleet.feed import Subscription
from app.fleet.post import Post, Share
from app.fleet.troubles import NOTICE_MS, in_order, server_troubles, silent_since, troubles_of
from app.fleet.views import Changes, Picture, ServerView, StationView, Totals, Trouble, Waiting

MOST_BUILT = 400
"""Views built in one tick; the rest follows in the next ones, so that a tick stays short."""
SWEEP_TICKS = 20
"""Each station is looked at for what time alone changes (staleness, silence) once in so many ticks."""
SEEN_STEP_MS = 5_000
"""A sign of life that says nothing else is shown at this grain."""


class Fleet:
    """The live picture.

    Args:
        zone: the operator's time zone, in which "today" is meant.
        now_ms: the time at start.
    """

    def __init__(self, zone: ZoneInfo, now_ms: int = 0) -> None:
        self.zone = zone
        self._now_ms = now_ms
        self._posts: dict[str, Post] = {}
        self._order: list[Post] = []
        self._swept = 0
        self._dirty: dict[str, Post] = {}
        self._removed: set[str] = set()
        self._today = Today(zone, now_ms)
        self._door = Door()
        self._lapsed: set[str] = set()
        self._door_rows: tuple[Waiting, ...] = ()
        self._door_dirty = False
        self._server = ServerView()
        self._server_dirty = False
        self._server_since_ms = now_ms
        self._sum = _Sum()
        self._totals = Totals()
        self._troubled: dict[str, tuple[Trouble, ...]] = {}
        self._troubles: tuple[Trouble, ...] = ()
        self._troubles_dirty = False
        self._subscriptions: tuple[Subscription, ...] = ()

    # -- facts in ----------------------------------------------------------------------------

    def apply(self, record: Record, received_ms: int | None = None) -> None:
        """Take a committed record. `received_ms` is when it came; None while the past is loaded."""
        kind = type(record)
        if kind is RefusalRecord:
            self._refusal(record)  # type: ignore[arg-type]
            return
        if kind is StationRecord:
            self._lapsed.discard(record.station)  # type: ignore[union-attr]
        take = _TAKES.get(kind)
        if take is None:
            return
        post = self._posts.get(record.station)  # type: ignore[union-attr]
        if post is None:
            if kind is NoticeRecord or kind is ReadingRecord or record.station in self._lapsed:  # type: ignore[union-attr]
                return
            post = self._add(record.station)  # type: ignore[union-attr]
        if take(self, post, record) and not post.dirty:
            post.dirty = True
            self._dirty[post.station] = post

    def heard(self, station: StationId, at_ms: int) -> None:
        """Any frame or pong came."""
        post = self._posts.get(station)
        if post is not None:
            post.heard_ms = at_ms

    def spoke(self, station: StationId, at_ms: int) -> None:
        """A message came, not only a pong."""
        post = self._posts.get(station)
        if post is not None:
            post.heard_ms = post.spoke_ms = at_ms

    def link_meta(
        self, station: StationId, *, version: str, tls: bool, peer: str, heartbeat_s: int = 300
    ) -> None:
        """What is known of a new link beside its record."""
        post = self._known(station)
        post.version, post.tls, post.peer, post.heartbeat_s = version, tls, peer, heartbeat_s
        post.spoke_ms = post.deaf_since_ms = None
        self._door_dirty = self._door_dirty or _waits(post)

    def skew(self, station: StationId, skew_ms: int | None) -> None:
        """The station's clock minus ours, as measured."""
        self._known(station).skew_ms = skew_ms

    def round_trip(self, station: StationId, round_trip_ms: int | None) -> None:
        """How long a ping or a call took."""
        self._known(station).round_trip_ms = round_trip_ms

    def identity(self, station: StationId, since_ms: int | None) -> None:
        """Two stations use this identity since then (decision 6); None: no longer."""
        self._known(station).identity_since_ms = since_ms

    def deaf(self, station: StationId, since_ms: int | None) -> None:
        """It answers none of our calls since then (Q10); None: it does again. A new link may hear."""
        self._known(station).deaf_since_ms = since_ms

    def doubts(self, now_ms: int) -> list[tuple[str, str, int]]:
        """Statuses that something contradicts now: station, what is said of which plug, since when (Q61)."""
        found = []
        for post in self._order:
            if not post.on_air or post.record is None or post.record.admission is not Admission.ACCEPTED:
                continue
            for plug in post.plugs:
                doubt = plug.doubt(now_ms)
                if doubt is not None:
                    found.append((post.station, f"{doubt[0]} (connector {plug.evse})", doubt[1]))
        return found

    def held(self, station: StationId, more: int) -> None:
        """So many more messages of a waiting station are in quarantine."""
        self._known(station).held += more
        self._door_dirty = True

    def forget(self, station: StationId) -> None:
        """Take a station out of the picture altogether (one that was never let in)."""
        post = self._posts.pop(station, None)
        if post is None:
            return
        self._order.remove(post)
        self._dirty.pop(station, None)
        self._removed.add(station)
        self._sum.move(post.share, None)
        self._door_dirty = True
        if self._troubled.pop(station, None):
            self._troubles_dirty = True

    def clear(self) -> None:
        """Forget everything but the server itself: another history takes the place of this one."""
        for station in list(self._posts):
            self.forget(StationId(station))
        self._today = Today(self.zone, self._now_ms)
        self._door = Door()
        self._lapsed = set()
        self._door_dirty = self._troubles_dirty = True

    def server(self, **changes: Any) -> None:
        """Tell of the server itself: any fields of ServerView."""
        told = replace(self._server, **changes)
        if told == self._server:
            return
        before, self._server = self._server, told
        self._server_dirty = True
        if (before.state, before.recording) != (told.state, told.recording):
            self._server_since_ms = self._now_ms
            self._troubles_dirty = True

    @property
    def server_view(self) -> ServerView:
        """The server itself, now."""
        return self._server

    # -- picture out -------------------------------------------------------------------------

    def tick(self, now_ms: int) -> None:
        """Let time pass and give watchers what changed. For a timer of at most 10 Hz."""
        self._pass_time(now_ms)
        if not self._subscriptions:
            return
        self._sweep(len(self._order) // SWEEP_TICKS + 1)
        changes = self._changes(MOST_BUILT)
        if changes is not None:
            for subscription in self._subscriptions:
                subscription.put(changes)

    def snapshot(self, now_ms: int | None = None) -> Picture:
        """The whole picture at this instant."""
        self._pass_time(self._now_ms if now_ms is None else now_ms)
        self._sweep(len(self._order))
        changes = self._changes(None)
        if changes is not None:
            for subscription in self._subscriptions:
                subscription.put(changes)
        return Picture(
            self._now_ms,
            {post.station: post.view for post in self._order if post.view is not None},
            self._totals,
            self._troubles,
            self._door_rows,
            self._server,
        )

    def station(self, station: StationId) -> StationView | None:
        """One station's row at this instant."""
        post = self._posts.get(station)
        return None if post is None else post.build(self._now_ms)

    def subscribe(self) -> Subscription:
        """Watch what changes from now on. Take a snapshot right after, in the same thread."""
        subscription = Subscription(self._leave)
        self._subscriptions = (*self._subscriptions, subscription)
        return subscription

    # -- within ------------------------------------------------------------------------------

    def _leave(self, subscription: Subscription) -> None:
        self._subscriptions = tuple(s for s in self._subscriptions if s is not subscription)

    def _add(self, station: str) -> Post:
        post = self._posts[station] = Post(station)
        self._order.append(post)
        self._removed.discard(station)
        return post

    def _known(self, station: str) -> Post:
        post = self._posts.get(station) or self._add(station)
        if not post.dirty:
            post.dirty = True
            self._dirty[station] = post
        return post

    def _pass_time(self, now_ms: int) -> None:
        self._now_ms = now_ms
        if self._today.roll(now_ms):
            for post in self._order:
                # The words of a trouble name the day where it is not today.
                if post.today_wh or post.troubles:
                    post.today_wh = 0
                    post.dirty = True
                    self._dirty[post.station] = post

    def _sweep(self, count: int) -> None:
        order, now_ms = self._order, self._now_ms
        for _ in range(min(count, len(order))):
            self._swept = (self._swept + 1) % len(order)
            post = order[self._swept]
            if not post.dirty and _aged(post, now_ms):
                post.dirty = True
                self._dirty[post.station] = post

    def _changes(self, most: int | None) -> Changes | None:
        built = self._build(most)
        removed, self._removed = frozenset(self._removed), set()
        totals = troubles = waiting = server = None
        if built or removed:
            counted = self._sum.totals()
            if counted != self._totals:
                totals = self._totals = counted
        if self._troubles_dirty:
            self._troubles_dirty = False
            found = [t for rows in self._troubled.values() for t in rows]
            found += server_troubles(self._server, self._server_since_ms)
            ordered = in_order(found)
            if ordered != self._troubles:
                troubles = self._troubles = ordered
        if self._door_dirty:
            self._door_dirty = False
            rows = self._door.rows(post for post in self._order if _waits(post))
            if rows != self._door_rows:
                waiting = self._door_rows = rows
        if self._server_dirty:
            self._server_dirty = False
            server = self._server
        if not built and not removed and all(x is None for x in (totals, troubles, waiting, server)):
            return None
        return Changes(built, removed, totals, troubles, waiting, server)

    def _build(self, most: int | None) -> dict[str, StationView]:
        dirty, now_ms = self._dirty, self._now_ms
        if most is None or len(dirty) <= most:
            posts, self._dirty = list(dirty.values()), {}
        else:
            posts = [dirty.pop(station) for station in list(dirty)[:most]]
        built: dict[str, StationView] = {}
        for post in posts:
            post.dirty = False
            if post.notices:
                post.notices = tuple(n for n in post.notices if now_ms - n.received_ms < NOTICE_MS)
            view = post.build(now_ms)
            if view != post.view:
                post.view = built[post.station] = view
            share = post.contribution(now_ms)
            if share != post.share:
                self._sum.move(post.share, share)
                post.share = share
            troubles = troubles_of(post, now_ms, self.zone)
            if troubles != post.troubles:
                post.troubles = troubles
                self._troubles_dirty = True
                if troubles:
                    self._troubled[post.station] = troubles
                else:
                    self._troubled.pop(post.station, None)
        return built

    # What each kind of record does; each returns whether its station's row may have changed.

    def _refusal(self, record: RefusalRecord) -> None:
        post = self._posts.get(record.identity)
        if post is not None and (post.heard_ms or 0) > record.last_ms:
            # It has got in since.
            return
        self._door.refuse(record)
        self._door_dirty = True

    def _station(self, post: Post, record: StationRecord) -> bool:
        if record.admission is Admission.WAITING or _waits(post):
            self._door_dirty = True
        if record.admission is Admission.LAPSED:
            self._lapsed.add(record.station)
            self.forget(record.station)
            return False
        if record.admission is not Admission.WAITING:
            post.held = 0
        post.register(record)
        return True

    def _status(self, post: Post, record: StatusRecord) -> bool:
        post.tell(record)
        return record.live

    def _link(self, post: Post, record: LinkRecord) -> bool:
        post.linked(record)
        if record.state is LinkState.ONLINE and self._door.settled(post.station):
            self._door_dirty = True
        return True

    def _session(self, post: Post, record: SessionRecord) -> bool:
        post.follow(record)
        post.today_wh += self._today.take(record)
        return True

    def _reading(self, post: Post, record: ReadingRecord) -> bool:
        return post.sample(record)

    def _notice(self, post: Post, record: NoticeRecord) -> bool:
        if record.critical:
            post.notice(record)
        elif record.subject == "event" and post.notices and '"cleared":true' in record.detail:
            post.settle(record.evse or 0, record.name)
        else:
            return False
        return True


_TAKES: dict[type, Any] = {
    StationRecord: Fleet._station,
    StatusRecord: Fleet._status,
    LinkRecord: Fleet._link,
    SessionRecord: Fleet._session,
    ReadingRecord: Fleet._reading,
    NoticeRecord: Fleet._notice,
}


class _Sum:
    """The totals, kept by adding and taking away what changed."""

    def __init__(self) -> None:
        self._stations = 0
        self._figures = [0] * 7
        self._shown: Counter[Shown] = Counter()

    def move(self, before: Share | None, after: Share | None) -> None:
        for share, sign in ((before, -1), (after, 1)):
            if share is None:
                continue
            self._stations += sign
            figures = (*share[:3], *share[4:])
            for index, figure in enumerate(figures):
                self._figures[index] += sign * figure
            for shown in share.shown:
                self._shown[shown] += sign

    def totals(self) -> Totals:
        online, offline, never, power, missing, today, running = self._figures
        connectors = tuple((s, self._shown[s]) for s in reversed(WORST_FIRST) if self._shown[s])
        return Totals(self._stations, online, offline, never, connectors, power, missing, today, running)


def _waits(post: Post) -> bool:
    return post.record is not None and post.record.admission is Admission.WAITING


def _aged(post: Post, now_ms: int) -> bool:
    """Whether time alone has changed what is shown of a station."""
    view = post.view
    if view is None:
        return True
    if (post.heard_ms or 0) - (view.last_seen_ms or 0) >= SEEN_STEP_MS:
        return True
    if post.places is not None and post.power_now(now_ms)[0] != view.power_w:
        return True
    if (silent_since(post, now_ms) is not None) != any(t.kind == "silent" for t in post.troubles):
        return True
    if post.on_air and sum(p.doubt(now_ms) is not None for p in post.plugs) != sum(
        t.kind == "status" for t in post.troubles
    ):
        return True
    return bool(post.notices) and now_ms - post.notices[0].received_ms >= NOTICE_MS
