"""The change feed: only what changed, to everyone who watches, at most so much at once."""

import threading

from app.domain.records import RefusalRecord, StationRecord
from app.domain.status import Admission, ConnectorStatus, LinkState
from app.fleet import fleet as rooms
from tests.app.fleet.fleet_story import MINUTE, T0, WAITING, FleetStory


def watched(*names: str) -> FleetStory:
    story = FleetStory()
    for name in names or ("S1",):
        story.station(name)
        story.status(ConnectorStatus.AVAILABLE, name=name)
    story.fleet.snapshot(story.now)
    return story


def test_nothing_changed_is_nothing_to_take() -> None:
    story = watched()
    feed = story.fleet.subscribe()
    story.fleet.snapshot()
    story.fleet.tick(story.now)
    assert feed.take() is None


def test_only_what_changed_is_told() -> None:
    story = watched("A", "B", "C")
    feed = story.fleet.subscribe()
    story.status(ConnectorStatus.CHARGING, name="B")
    story.fleet.tick(story.now)
    changes = feed.take()
    assert changes is not None
    assert list(changes.stations) == ["B"]
    assert changes.totals is not None
    assert changes.troubles is None
    assert changes.waiting is None
    assert changes.server is None
    assert feed.take() is None


def test_a_change_that_shows_nothing_new_is_not_told() -> None:
    story = watched()
    feed = story.fleet.subscribe()
    story.status(ConnectorStatus.AVAILABLE)
    story.fleet.tick(story.now)
    assert feed.take() is None


def test_two_watchers_each_get_everything() -> None:
    story = watched("A", "B")
    first, second = story.fleet.subscribe(), story.fleet.subscribe()
    story.status(ConnectorStatus.CHARGING, name="A")
    story.fleet.tick(story.now)
    assert first.take() is not None
    story.status(ConnectorStatus.CHARGING, name="B")
    story.fleet.tick(story.now)
    one, two = first.take(), second.take()
    assert one is not None
    assert two is not None
    assert set(one.stations) == {"B"}
    assert set(two.stations) == {"A", "B"}
    first.close()
    story.status(ConnectorStatus.AVAILABLE, name="B")
    story.fleet.tick(story.now)
    assert first.take() is None
    assert second.take() is not None


def test_the_last_word_wins_however_long_nobody_takes() -> None:
    story = watched()
    feed = story.fleet.subscribe()
    for status in (ConnectorStatus.CHARGING, ConnectorStatus.FINISHING, ConnectorStatus.FAULTED):
        story.status(status)
        story.fleet.tick(story.now)
    changes = feed.take()
    assert changes is not None
    assert changes.stations["S1"].connectors[0].status is ConnectorStatus.FAULTED


def test_changes_bring_a_snapshot_up_to_date() -> None:
    story = watched("A", "B")
    feed = story.fleet.subscribe()
    picture = story.fleet.snapshot()
    stations = dict(picture.stations)
    story.link(LinkState.OFFLINE, name="A")
    story.station("C")
    story.fleet.forget("B")
    story.fleet.tick(story.now)
    changes = feed.take()
    assert changes is not None
    stations |= changes.stations
    for gone in changes.removed:
        del stations[gone]
    after = story.fleet.snapshot()
    assert stations == after.stations
    assert set(stations) == {"A", "C"}
    assert changes.totals == after.totals
    assert changes.troubles == after.troubles


def test_a_snapshot_in_between_takes_nothing_from_watchers() -> None:
    story = watched()
    feed = story.fleet.subscribe()
    story.status(ConnectorStatus.CHARGING)
    story.fleet.snapshot()
    assert feed.take() is not None


def test_a_great_change_comes_in_portions(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(rooms, "MOST_BUILT", 10)
    story = watched(*(f"S{n}" for n in range(25)))
    feed = story.fleet.subscribe()
    for n in range(25):
        story.link(LinkState.OFFLINE, name=f"S{n}")
    sizes = []
    for _ in range(4):
        story.fleet.tick(story.now)
        changes = feed.take()
        sizes.append(0 if changes is None else len(changes.stations))
    assert sizes == [10, 10, 5, 0]


def test_a_sign_of_life_alone_is_told_coarsely() -> None:
    story = watched()
    story.fleet.spoke("S1", T0)
    story.fleet.snapshot()
    feed = story.fleet.subscribe()
    story.fleet.heard("S1", T0 + 1_000)
    story.fleet.tick(T0 + 1_000)
    assert feed.take() is None
    story.fleet.heard("S1", T0 + 6_000)
    story.fleet.tick(T0 + 6_000)
    changes = feed.take()
    assert changes is not None
    assert changes.stations["S1"].last_seen_ms == T0 + 6_000


def test_the_server_tells_of_itself() -> None:
    story = watched()
    feed = story.fleet.subscribe()
    story.fleet.server(state="listening", urls=("ws://127.0.0.1:9220/",))
    story.fleet.server(state="listening")
    story.fleet.tick(story.now)
    changes = feed.take()
    assert changes is not None
    assert changes.server is not None
    assert changes.server.urls == ("ws://127.0.0.1:9220/",)
    assert changes.stations == {}
    story.fleet.server(state="listening")
    story.fleet.tick(story.now)
    assert feed.take() is None


def test_who_waits_at_the_door_and_who_was_turned_away() -> None:
    story = watched()
    feed = story.fleet.subscribe()
    story.station("NEW", admission=WAITING, vendor="Acme", first_seen_ms=T0 - MINUTE, last_seen_ms=T0)
    story.fleet.held("NEW", 3)
    refusal = RefusalRecord("S9", "10.0.0.8", "wrong password", '{"remedy": "set-password"}', T0, T0)
    story.fleet.apply(refusal)
    story.fleet.apply(RefusalRecord("", "10.0.0.7", "no identity", "", T0, T0 - 1, 7))
    story.fleet.tick(story.now)
    changes = feed.take()
    assert changes is not None
    assert changes.waiting is not None
    new, wrong, none = changes.waiting
    assert (new.identity, new.cause, new.remedy, new.vendor) == ("NEW", "waiting", "accept", "Acme")
    assert new.held_messages == 3
    assert (wrong.identity, wrong.remedy, wrong.count) == ("S9", "set-password", 1)
    assert (none.remedy, none.count) == ("", 7)
    story.fleet.apply(StationRecord("NEW", admission=Admission.ACCEPTED), story.now)
    story.station("S9")
    story.fleet.tick(story.now)
    changes = feed.take()
    assert changes is not None
    assert changes.waiting is not None
    assert [w.identity for w in changes.waiting] == [""]


def test_taking_from_another_thread_loses_nothing() -> None:
    story = watched("A", "B")
    feed = story.fleet.subscribe()
    taken: list[int] = []
    done = threading.Event()

    def take() -> None:
        while True:
            ended = done.is_set()
            changes = feed.take()
            if changes is not None and "A" in changes.stations:
                taken.append(changes.stations["A"].clock_skew_ms or 0)
            if ended:
                return

    thread = threading.Thread(target=take)
    thread.start()
    for skew in range(1, 301):
        story.fleet.skew("A", skew)
        story.fleet.tick(story.now)
    done.set()
    thread.join(10)
    assert taken == sorted(set(taken))
    assert taken[-1] == 300


def test_a_refusal_of_before_the_station_got_in_is_over() -> None:
    story = watched()
    story.station("S9", last_seen_ms=T0)
    story.fleet.apply(RefusalRecord("S9", "10.0.0.8", "wrong password", "", T0 - 9, T0 - 1))
    assert story.fleet.snapshot().waiting == ()
    story.fleet.apply(RefusalRecord("S9", "10.0.0.8", "wrong password", "", T0 - 9, T0 + 1))
    assert len(story.fleet.snapshot().waiting) == 1
