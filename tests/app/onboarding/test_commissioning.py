"""The commissioning as a state machine: what is seen goes in, the next state and the act come out."""

from dataclasses import replace

import pytest

from app.domain.errors import ForecourtError
from app.domain.ids import SessionId, StationId, TransactionId
from app.domain.records import CommandRecord, ConnectorPlan, SessionRecord, StationRecord
from app.domain.status import Admission, ConnectorStatus, LinkState, Shown
from app.fleet.views import ConnectorView, StationView
from app.onboarding.commissioning import advance, after_restart, could_not, done_for, retry, skip
from app.onboarding.judging import Seen, cut_ms
from app.onboarding.steps import KINDS, Run, RunState, Stand, body_of, run_of, verdict

NAME = StationId("NWS-04")
T0 = 1_790_000_000_000
BEFORE = T0 - 60_000


def plug(status: ConnectorStatus = ConnectorStatus.AVAILABLE, **more: object) -> ConnectorView:
    """A connector."""
    return ConnectorView(NAME, 1, 1, status, Shown.AVAILABLE, **more)  # type: ignore[arg-type]


def view(*plugs: ConnectorView, link: LinkState = LinkState.ONLINE, **more: object) -> StationView:
    """The station, online, its clock right."""
    known: dict[str, object] = {"version": "1.6", "peer": "192.168.40.57", "clock_skew_ms": 800, **more}
    return StationView(
        NAME, "", "", None, None, Admission.ACCEPTED, link, BEFORE, T0, Shown.AVAILABLE,
        connectors=plugs or (plug(),), **known,  # type: ignore[arg-type]
    )  # fmt: skip


BOOTED = StationRecord(NAME, vendor="Delfin", model="NG9", firmware="6.5.1", booted=True, boot_at_ms=BEFORE)
SESSION = SessionRecord(SessionId(48263), NAME, 1, 1, TransactionId("7"), started_ms=T0)


def command(outcome: str, proof: str = "") -> CommandRecord:
    """A command of the step under way."""
    return CommandRecord(9, NAME, "", "anna", "", T0, outcome=outcome, proof=proof)


def stood(run: Run) -> list[str]:
    """How far it came."""
    return [step.key for step in run.steps if step.stand is Stand.PASSED]


def test_what_the_charger_has_said_already_is_not_asked_again() -> None:
    """A station that is connected, booted, on time and available passes four steps at once."""
    run, act = advance(Run(NAME, T0, "anna"), Seen(view(), BOOTED), T0)
    assert stood(run) == ["connects", "boots", "time", "statuses"]
    assert run.steps[4].stand is Stand.SKIPPED
    assert "template" in run.steps[4].text
    assert act == ""
    assert run.current is not None
    assert run.current.stand is Stand.WAITING
    assert "Plug" in run.current.text
    assert (run.vendor, run.firmware, run.protocol) == ("Delfin", "6.5.1", "1.6")


def test_a_whole_commissioning_acts_once_for_each_step() -> None:
    """Start, cut, stop and reset are each done once, and the protocol says what proved them."""
    run, act = advance(Run(NAME, T0, "anna"), Seen(view(plug(ConnectorStatus.PREPARING)), BOOTED), T0)
    assert act == "start"
    run, act = advance(done_for(run, "start", 9), Seen(view(), BOOTED, command("sent")), T0 + 1)
    assert act == ""
    charging = plug(
        ConnectorStatus.CHARGING, session=48263, session_energy_wh=310, power_w=11_000,
        usual_interval_ms=60_000,
    )  # fmt: skip
    seen = Seen(view(charging), BOOTED, session=SESSION)
    run, act = advance(run, seen, T0 + 2)
    assert act == "cut"
    assert run.session == 48263
    run = replace(run, cut_from_ms=T0 + 2, cut_to_ms=T0 + 2 + cut_ms(charging))
    away = Seen(view(charging, link=LinkState.OFFLINE), BOOTED, session=SESSION)
    run, act = advance(run, away, T0 + 60_000)
    assert act == ""
    assert run.current is not None
    assert "cut for 66 s more" in run.current.text
    run, act = advance(run, replace(seen, late=2), T0 + 140_000)
    assert act == "stop"
    ended = replace(SESSION, ended_ms=T0 + 150_000, energy_wh=620, stop_reason="Remote")
    run, act = advance(run, Seen(view(), BOOTED, session=ended), T0 + 150_000)
    assert act == "reset"
    assert run.energy_wh == 620
    again = replace(BOOTED, boot_at_ms=T0 + 170_000)
    run, act = advance(run, Seen(view(), again, session=ended), T0 + 175_000)
    assert run.state is RunState.DONE
    assert act == ""
    assert run.steps[-1].text == "Back after 20 s, 1 Available"
    assert verdict(run) == "9 steps passed, 1 skipped with a reason."
    assert run_of(body_of(run)) == run


@pytest.mark.parametrize(
    ("key", "seen", "words"),
    [
        ("connects", Seen(), "not called"),
        ("boots", Seen(view()), "no boot message"),
        ("time", Seen(view(clock_skew_ms=-660_000), BOOTED), "660 s behind"),
        ("statuses", Seen(view(plug(ConnectorStatus.FAULTED, error="OtherError")), BOOTED), "OtherError"),
        ("statuses", Seen(view(plug(ConnectorStatus.UNKNOWN)), BOOTED), "No status"),
        ("configuration", Seen(view(), BOOTED, command("not proved", "is 60"), template="T"), "is 60"),
        ("start", Seen(view(plug(ConnectorStatus.PREPARING)), BOOTED, command("refused", "No.")), "No."),
        ("energy", Seen(view(plug(ConnectorStatus.CHARGING)), BOOTED, session=SESSION), "no meter value"),
        ("offline", Seen(view(), BOOTED, session=SESSION), "did not arrive"),
        ("stop", Seen(view(), BOOTED, command("accepted"), SESSION), "goes on"),
        ("reboot", Seen(view(), BOOTED, command("accepted")), "not come back"),
    ],
)  # fmt: skip
def test_every_step_fails_with_what_was_seen(key: str, seen: Seen, words: str) -> None:
    """It stops there, says why, and goes on neither by itself nor with what comes after."""
    keys = [kind.key for kind in KINDS]
    run = Run(NAME, T0, "anna", cut_from_ms=T0, cut_to_ms=T0 + 60_000)
    for name in keys[: keys.index(key)]:
        run = skip(run, f"{name} is not tested here", "anna", T0)
    for minute in range(12):
        run, _ = advance(run, seen, T0 + minute * 60_000)
    assert run.state is RunState.STOPPED
    assert run.current is not None
    assert run.current.key == key
    assert run.current.stand is Stand.FAILED
    assert words in run.current.text
    assert advance(run, seen, T0 + 999_999)[0] == run
    assert "Not passed" in verdict(run)
    assert retry(run).state is RunState.RUNNING


def test_a_charger_is_left_to_tell_of_all_its_connectors() -> None:
    """Right after its boot one status is not all; a planned connector without status is missed by name."""
    fresh = replace(BOOTED, boot_at_ms=T0)
    run, act = advance(Run(NAME, T0, "anna"), Seen(view(), fresh), T0 + 1_000)
    assert act == ""
    assert run.current is not None
    assert run.current.key == "statuses"
    run, _ = advance(run, Seen(view(), fresh), T0 + 11_000)
    assert run.steps[3].text == "1 Available"
    planned = replace(BOOTED, plan=(ConnectorPlan(1, 1), ConnectorPlan(2, 1)))
    run, _ = advance(Run(NAME, T0, "anna"), Seen(view(), planned), T0)
    assert run.current is not None
    assert "status of 2, which is planned" in run.current.text


def test_skipping_needs_a_reason_and_trying_again_a_failure() -> None:
    """The protocol shows who left what out, and why."""
    run, _ = advance(Run(NAME, T0, "anna"), Seen(), T0)
    with pytest.raises(ForecourtError):
        skip(run, " ", "anna", T0)
    with pytest.raises(ForecourtError):
        retry(run)
    left = skip(run, "no car here", "ben", T0 + 1)
    assert (left.steps[0].why, left.steps[0].by) == ("no car here", "ben")


def test_a_lost_test_session_is_started_anew() -> None:
    """Trying energy again after the session ended goes back to the start."""
    run = Run(NAME, T0, "anna")
    for _ in range(5):
        run = skip(run, "not here", "anna", T0)
    run, _ = advance(run, Seen(view(), BOOTED, session=SESSION), T0)
    assert run.current is not None
    assert run.current.key == "energy"
    run, _ = advance(run, Seen(view(), BOOTED, session=replace(SESSION, ended_ms=T0 + 5)), T0 + 6)
    again = retry(run)
    assert again.current is not None
    assert again.current.key == "start"


def test_a_restart_ends_only_a_step_that_had_acted() -> None:
    """Waiting for a person goes on; a command whose answer nobody saw is to be tried again."""
    waiting, _ = advance(Run(NAME, T0, "anna"), Seen(view(), BOOTED), T0)
    assert after_restart(waiting, T0 + 1) == waiting
    acted, _ = advance(waiting, Seen(view(plug(ConnectorStatus.PREPARING)), BOOTED), T0 + 2)
    stopped = after_restart(acted, T0 + 3)
    assert stopped.state is RunState.STOPPED
    assert stopped.current is not None
    assert "restarted" in stopped.current.text
    assert could_not(waiting, "another", "x", T0) == waiting


def test_a_station_that_restarts_once_it_is_idle_is_helped_not_failed() -> None:
    """It accepted for later: who stands at the charger is told to unplug the car."""
    asked = replace(command("accepted"), answer='{"status": "Scheduled"}')
    run = Run(NAME, T0, "anna")
    for kind in KINDS:
        if kind.key != "reboot":
            run = skip(run, "not tested here", "anna", T0)
    for minute in range(12):
        run, _ = advance(run, Seen(view(), BOOTED, asked), T0 + minute * 60_000)
    assert run.state is RunState.RUNNING
    assert run.current is not None
    assert "unplug it now" in run.current.text
