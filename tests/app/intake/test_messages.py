"""Who watches sees every frame of the stations they asked for, once, in order."""

from app.fleet.views import MessageView
from app.intake.messages import MOST_WAITING, MessageFeed


def line(station: str, n: int) -> MessageView:
    return MessageView(n, station, "in", "Heartbeat", str(n), "call", "[2]")


def test_a_watcher_of_one_station_hears_only_it() -> None:
    """All-stations watchers hear everything."""
    feed = MessageFeed()
    one, every = feed.subscribe("A"), feed.subscribe()
    assert feed.watched("A")
    feed.publish(line("A", 1))
    feed.publish(line("B", 2))
    assert [m.at_ms for m in one.take()] == [1]
    assert [m.at_ms for m in every.take()] == [1, 2]
    assert every.take() == ()


def test_nobody_watching_costs_no_line() -> None:
    """After the last watcher left, `watched` is False."""
    feed = MessageFeed()
    one = feed.subscribe("A")
    one.close()
    assert not feed.watched("A")


def test_a_slow_watcher_loses_the_oldest_and_is_told_how_many() -> None:
    """Memory stays bounded."""
    feed = MessageFeed()
    every = feed.subscribe()
    for n in range(MOST_WAITING + 10):
        feed.publish(line("A", n))
    lines = every.take()
    assert len(lines) == MOST_WAITING
    assert lines[0].at_ms == 10
    assert every.dropped == 10
