"""What proves a reset, and what does not."""

from app.domain.operations import CommandState, Reset
from app.domain.status import ConnectorStatus, LinkState
from app.operations.proofs.restart import Restart
from tests.app.operations.proofs.scenes import (
    SENT_MS,
    answer,
    boot,
    link,
    notice,
    start,
    status,
    view,
)

A, F, U = ConnectorStatus.AVAILABLE, ConnectorStatus.FAULTED, ConnectorStatus.UNAVAILABLE


def test_each_connector_has_to_come_back() -> None:
    """A boot alone is not enough."""
    watch = Restart(start(Reset(), view(A, A)))
    watch.begin(answer())
    assert watch.hear(link(LinkState.OFFLINE), SENT_MS + 3_000) is None
    assert watch.hear(link(LinkState.ONLINE), SENT_MS + 3_500) is None
    assert watch.hear(boot(), SENT_MS + 4_000) is None
    assert watch.hear(status(A, 1), SENT_MS + 5_000) is None
    assert watch.give_up() == "It booted, but connector 2 has told no status since."
    seen = watch.hear(status(A, 2), SENT_MS + 5_000)
    assert seen is not None
    assert seen.state is CommandState.PROVED
    assert seen.sentence == "It restarted and booted after 4 s; connectors 1 and 2 are Available."


def test_as_they_were_before() -> None:
    """One that was Unavailable may stay so; one that was not may not."""
    watch = Restart(start(Reset(), view(A, U)))
    watch.begin(answer())
    watch.hear(boot(), SENT_MS + 4_000)
    watch.hear(status(A, 1), SENT_MS + 5_000)
    seen = watch.hear(status(U, 2), SENT_MS + 5_000)
    assert seen is not None
    watch = Restart(start(Reset(), view(A)))
    watch.hear(boot(), SENT_MS + 4_000)
    assert watch.hear(status(U, 1), SENT_MS + 5_000) is None
    # It may still recover within the limit.
    assert watch.hear(status(A, 1), SENT_MS + 9_000) is not None


def test_statuses_from_before_the_boot_prove_nothing() -> None:
    """Nor does a boot from before the command, nor the notice of a boot loop."""
    watch = Restart(start(Reset(), view(A)))
    assert watch.hear(status(A, 1), SENT_MS + 1_000) is None
    assert watch.hear(boot(at_ms=SENT_MS - 1), SENT_MS + 1_000) is None
    assert watch.hear(notice("boot", "boot loop", reason="PowerUp"), SENT_MS + 2_000) is None
    assert watch.hear(status(A, 1), SENT_MS + 2_500) is None


def test_a_scheduled_reset_is_waited_for_a_day_then_minutes() -> None:
    """Until nobody charges; once it has booted the statuses have their own time."""
    watch = Restart(start(Reset()))
    watch.begin(answer("Scheduled"))
    assert watch.until_ms == SENT_MS + 1_000 + 86_400_000
    booted = SENT_MS + 7_200_000
    watch.hear(boot(at_ms=booted), booted)
    assert watch.until_ms == booted + 300_000


def test_what_was_missing_is_said() -> None:
    """Away for good, back without a boot, nothing at all."""
    watch = Restart(start(Reset()))
    assert "neither went away nor booted" in watch.give_up()
    watch.hear(link(LinkState.OFFLINE), SENT_MS)
    assert "did not boot again" in watch.give_up()
    watch.hear(link(LinkState.ONLINE), SENT_MS)
    assert watch.give_up() == "It went away and came back, but told no boot."
    watch.hear(boot(), SENT_MS + 4_000)
    watch.hear(status(F, 1), SENT_MS + 4_000)
    assert watch.give_up() == "It booted, but connector 1 is Faulted since."


def test_one_evse_resets_without_a_boot() -> None:
    """2.x: its status is told again."""
    watch = Restart(start(Reset(evse=2), view(A, A)))
    watch.begin(answer())
    assert watch.hear(status(A, 1), SENT_MS + 5_000) is None
    assert watch.hear(status(U, 2), SENT_MS + 5_000) is None
    seen = watch.hear(status(A, 2), SENT_MS + 9_000)
    assert seen is not None
    assert "EVSE 2" in seen.sentence
    assert "EVSE 2 told no usable status" in watch.give_up()


def test_a_station_without_known_connectors_only_has_to_boot() -> None:
    """There is nothing else to compare."""
    watch = Restart(start(Reset(), view()))
    watch.begin(answer())
    seen = watch.hear(boot(), SENT_MS + 4_000)
    assert seen is not None
    assert seen.sentence == "It restarted and booted 4 s after the command."


def test_over_our_own_restart_only_a_boot_by_reset_counts() -> None:
    """The reason of a 2.x boot tells."""
    resumed = SENT_MS + 60_000
    watch = Restart(start(Reset(), view(A), resumed_ms=resumed))
    watch.hear(link(LinkState.OFFLINE), SENT_MS)
    watch.hear(boot(at_ms=resumed + 5_000), resumed + 5_000)
    assert "why was not seen" in watch.give_up()
    watch.hear(boot(reason="RemoteReset", at_ms=resumed + 9_000), resumed + 9_000)
    assert watch.hear(status(A, 1), resumed + 9_500) is not None
