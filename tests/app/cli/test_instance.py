"""`status` for a person: who waits and who was turned away are told apart."""

from app.cli.instance import status_text


def test_who_waits_and_who_was_turned_away() -> None:
    """Each with its address; what is kept for one, and why the other is not let in."""
    server = {"state": "listening", "urls": ["ws://127.0.0.1:9220/"], "cause": "", "recording": True}
    totals = {"online": 0, "stations": 0, "power_w": 0, "energy_today_wh": 0, "sessions_open": 0}
    door = [
        {"identity": "NEW-1", "peer": "10.0.0.7", "cause": "waiting", "held_messages": 3},
        {"identity": "NEW-2", "peer": "10.0.0.8", "cause": "waiting", "held_messages": 0},
        {"identity": "", "peer": "10.0.0.9", "cause": "TLS failed.", "held_messages": 0},
    ]
    status = {"server": server, "totals": totals, "troubles": [], "waiting": door, "stations": []}
    assert status_text(status).splitlines()[2:] == [
        "waiting: NEW-1 from 10.0.0.7, 3 messages kept for it",
        "waiting: NEW-2 from 10.0.0.8",
        "refused: somebody from 10.0.0.9: TLS failed.",
    ]
