"""A station that nobody hears: what its page says of now is of now."""

from dataclasses import replace
from typing import Any

from app.domain.status import LinkState, Shown
from tests.ui.pictures import MINUTE, NOW_MS, changed, picture


def _gone(open_page: Any) -> Any:
    """UTM-02 idle for an hour, and without a link for the last two minutes."""
    shown = picture(48)
    view = shown.stations["UTM-02"]
    plugs = tuple(
        replace(plug, shown=Shown.OFFLINE, session=None, since_ms=NOW_MS - 60 * MINUTE)
        for plug in view.connectors
    )
    view = replace(
        view, connectors=plugs, link=LinkState.OFFLINE, link_since_ms=NOW_MS - 2 * MINUTE,
        shown=Shown.OFFLINE, sessions_open=0,
    )  # fmt: skip
    return open_page("station", changed(shown, view)[0], argument="UTM-02")


def test_a_connector_is_offline_since_the_link_was_lost(open_page: Any) -> None:
    """ "Offline, for 12 min" stood under "Since 06:33" of two minutes ago."""
    said = _gone(open_page).page.cards._cards[0].accessibleName()
    assert "For 2 min" in said


def test_commands_do_not_promise_what_nobody_can_be_told_now(open_page: Any) -> None:
    """ "Free now: restarts at once" stood beside a station without a link."""
    rows = _gone(open_page).page.hands.rows
    assert "Not connected" in rows.row("reset-soft").accessibleName()
    assert "at once" not in rows.row("reset-soft").accessibleName()
