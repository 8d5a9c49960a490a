"""Each kind of step asks the station for what it says, and what it learnt is told with an honest range."""

from typing import get_args

import pytest

from app.domain.operations import (
    FetchLog,
    ListedToken,
    Operation,
    Reset,
    SendLocalList,
    SetAvailability,
    StopSession,
    Trigger,
    Unlock,
    Variable,
    WriteConfiguration,
)
from app.recovery.playbooks import Deed, load
from app.recovery.rates import Learned, Rates
from app.recovery.situation import Result
from app.recovery.steps import SILENT, Aim, listed, operations_of

SETTINGS = WriteConfiguration(((Variable("HeartbeatInterval"), "300"),))
CLOCK = Trigger("Heartbeat")
CARDS = (ListedToken("ANNA"),)
AIM = Aim(2, "77", SETTINGS, CLOCK, 4, CARDS)
ASKS: dict[str, tuple[Operation, ...]] = {
    "trigger-status": (Trigger("StatusNotification", 2),),
    "trigger-boot": (Trigger("BootNotification"),),
    "unlock": (Unlock(2),),
    "out-and-back": (SetAvailability(False, 2), SetAvailability(True, 2)),
    "soft-reset": (Reset(),),
    "hard-reset": (Reset(hard=True),),
    "free-session": (StopSession("77"),),
    "send-configuration": (SETTINGS,),
    "set-clock": (CLOCK,),
    "send-list": (SendLocalList(4, CARDS),),
    "fetch-log": (FetchLog(),),
}


@pytest.mark.parametrize("deed", get_args(Deed))
def test_every_step_asks_for_what_it_says(deed: Deed) -> None:
    assert operations_of(deed, AIM) == ASKS.get(deed, ())
    assert (deed in SILENT) == (deed not in ASKS)


@pytest.mark.parametrize(
    "deed", ["unlock", "out-and-back", "free-session", "send-configuration", "set-clock"]
)
def test_what_has_nothing_to_aim_at_sends_nothing(deed: Deed) -> None:
    assert operations_of(deed, Aim()) == ()


def test_every_kind_of_step_is_used_by_a_playbook_that_ships() -> None:
    assert {step.do for book in load() for step in book.step} == set(get_args(Deed))


def test_the_local_list_is_what_was_written_down() -> None:
    assert listed([("ANNA", {}), ("BERT", {"kind": "eMAID", "status": "Blocked"})]) == (
        ListedToken("ANNA", "ISO14443", "Accepted"), ListedToken("BERT", "eMAID", "Blocked"),
    )  # fmt: skip


def test_success_is_told_by_the_most_special_that_is_known_and_with_its_range() -> None:
    def took(firmware: str, good: int, bad: int) -> list[Learned]:
        results = [Result.MENDED] * good + [Result.NO_CHANGE] * bad
        return [Learned("book", "soft-reset", "CX001", "Voltaro", firmware, one) for one in results]

    rates = Rates().learn_all([*took("1.0", 9, 1), *took("2.0", 0, 12), *took("3.0", 1, 0)])
    old = rates.of("book", "soft-reset", "CX001", "Voltaro", "1.0")
    assert (old.k, old.n) == (9, 10)
    assert (round(old.low, 3), round(old.high, 3)) == (0.596, 0.982)
    assert rates.hopeless("book", "soft-reset", "CX001", "Voltaro", "2.0")
    once = rates.of("book", "soft-reset", "CX001", "Voltaro", "3.0")
    assert once.n == 23, "one try says nothing of a firmware; the maker's own record does"
