"""What proves a trigger, and a report that comes in parts."""

import pytest

from app.domain.operations import (
    AskCustomerInformation,
    CommandState,
    ReadConfiguration,
    ReadProfiles,
    Trigger,
)
from app.operations.proofs.messages import Came, Told
from tests.app.operations.proofs.scenes import SENT_MS, answer, notice, start

NOW = SENT_MS + 5_000
ROW = {
    "component": {"name": "OCPPCommCtrlr"},
    "variable": {"name": "HeartbeatInterval"},
    "variableAttribute": [{"value": "60"}],
}


@pytest.mark.parametrize(
    ("wanted", "action"),
    [
        ("Heartbeat", "Heartbeat"),
        ("SignChargePointCertificate", "SignCertificate"),
        ("SignV2GCertificate", "SignCertificate"),
    ],
)
def test_the_message_that_was_asked_for_comes(wanted: str, action: str) -> None:
    """No other one, and none from before."""
    watch = Came(start(Trigger(wanted)))
    watch.begin(answer())
    assert watch.said("MeterValues", NOW) is None
    assert watch.said(action, SENT_MS - 1) is None
    assert action in watch.give_up()
    seen = watch.said(action, NOW)
    assert seen is not None
    assert seen.sentence == f"{action} came 5 s later."


def test_a_report_is_whole_when_all_parts_are_there_in_any_order() -> None:
    """Parts of other requests do not count; the settings in it are gathered (Q75)."""
    watch = Told(start(ReadConfiguration(), payloads=({"requestId": 41},)))
    assert watch.begin(answer()) is None
    last = notice("report", "", requestId=41, seqNo=2, tbc=False, reportData=[ROW])
    assert watch.hear(last, NOW) is None
    assert watch.hear(notice("report", "", requestId=9, seqNo=0, tbc=True), NOW) is None
    assert watch.hear(notice("report", "", requestId=41, seqNo=0, tbc=True), NOW + 90_000) is None
    assert watch.until_ms == NOW + 90_000 + 120_000
    assert watch.give_up() == "2 parts came, then no more for 2 minutes."
    seen = watch.hear(notice("report", "", requestId=41, seqNo=1, tbc=True), NOW)
    assert seen is not None
    assert seen.sentence == "All of it came, in 3 parts."
    (setting,) = watch.gathered()
    assert (setting.variable.name, setting.value) == ("HeartbeatInterval", "60")


def test_an_answer_that_tells_it_all_needs_no_parts() -> None:
    """1.6's GetConfiguration, 2.x's GetVariables, and a customer who is only to be forgotten."""
    for watch in (
        Told(start(ReadConfiguration(), payloads=({"key": ["X"]},))),
        Told(start(AskCustomerInformation(False, True, "ANNA"), payloads=({"requestId": 3},))),
    ):
        seen = watch.begin(answer())
        assert seen is not None
        assert seen.state is CommandState.DONE


def test_profiles_come_without_numbers() -> None:
    """The order of arrival stands for them."""
    watch = Told(start(ReadProfiles(), payloads=({"requestId": 5},)))
    assert watch.hear(notice("profile", "CSO", requestId=5, tbc=True), NOW) is None
    assert watch.hear(notice("profile", "CSO", requestId=5, tbc=False), NOW) is not None
