"""Who was hit by a fault."""

from app.faults.drivers import Drivers, covering
from app.faults.standing import Place
from tests.app.faults.rules.stage import HOUR, MINUTE, Stage

HERE = covering([Place("A", 1, 1)])


class Seen(Stage):
    def __init__(self) -> None:
        super().__init__()
        self.drivers = Drivers()
        self.add(connectors=2)

    def tell(self, record):
        found = super().tell(record)
        if hasattr(self, "drivers"):
            self.drivers.hear(record)
        return found

    def hit(self, since: int) -> int:
        self.drivers.tick(self.now_ms)
        return len(self.drivers.hit(HERE, since, self.now_ms + 1))


def test_a_session_that_ends_with_the_fault_is_cut():
    """One that the driver ended, or that ended earlier, is not."""
    seen = Seen()
    for reason, hit in (("Local", 0), ("PowerLoss", 1)):
        session = seen.start(token=reason)
        seen.pass_time(10 * MINUTE)
        onset = seen.now_ms
        seen.stop(session, 2000, stop_reason=reason)
        assert seen.hit(onset) == hit
        seen.pass_time(HOUR)


def test_cards_and_plugs_in_vain_count_each_driver_once():
    """The same card twice is one driver; a quick change of mind is none."""
    seen, onset = Seen(), 0
    onset = seen.now_ms
    for _ in range(2):
        seen.notice("token", "Accepted", {"token": "T1"})
        seen.pass_time(3 * MINUTE)
        assert seen.hit(onset) == 1
    seen.status_is("Preparing")
    seen.pass_time(5_000)
    seen.status_is("Available")
    assert seen.hit(onset) == 1
    seen.status_is("Preparing")
    seen.pass_time(4 * MINUTE)
    seen.status_is("Available")
    assert seen.hit(onset) == 2


def test_who_could_charge_was_not_hit():
    """A card that led to a session; a neighbour's trouble."""
    seen = Seen()
    onset = seen.now_ms
    seen.notice("token", "Accepted", {"token": "T1"})
    seen.start(token="T1")
    seen.status_is("Preparing", evse=2)
    seen.pass_time(4 * MINUTE)
    seen.status_is("Available", evse=2)
    assert seen.hit(onset) == 0
