"""Proofs by operation: what has to be seen after a station accepted, one file per family."""

from collections.abc import Callable
from dataclasses import replace

from app.domain.operations import (
    AskCustomerInformation,
    CancelReservation,
    ClearMessage,
    ClearMonitors,
    ClearProfile,
    FetchLog,
    ReadConfiguration,
    ReadMessages,
    ReadMonitors,
    ReadProfiles,
    Reserve,
    Reset,
    SendLocalList,
    SetAvailability,
    SetMonitors,
    SetProfile,
    SetStream,
    ShowMessage,
    StartSession,
    StopSession,
    Trigger,
    Unlock,
    UpdateFirmware,
    WriteConfiguration,
)
from app.operations.consequences import meaning
from app.operations.proofs.charging import Begun, Released, Stopped
from app.operations.proofs.messages import Came, Told
from app.operations.proofs.read_back import Limited, Listed, Written
from app.operations.proofs.restart import Restart
from app.operations.proofs.standing import InService, Reserved, Unreserved
from app.operations.proofs.told_after import (
    LimitsGone,
    Monitored,
    Shown,
    TextGone,
    Unmonitored,
    stream_proof,
)
from app.operations.proofs.transfers import Fetched, Installed
from app.operations.proofs.watch import Start, Watch

PROOFS: dict[type, Callable[[Start], Watch]] = {
    Reset: Restart,
    StartSession: Begun,
    StopSession: Stopped,
    Unlock: Released,
    SetAvailability: InService,
    Reserve: Reserved,
    CancelReservation: Unreserved,
    ClearProfile: LimitsGone,
    ShowMessage: Shown,
    ClearMessage: TextGone,
    SetMonitors: Monitored,
    ClearMonitors: Unmonitored,
    SetStream: stream_proof,
    Trigger: Came,
    WriteConfiguration: Written,
    SendLocalList: Listed,
    SetProfile: Limited,
    UpdateFirmware: Installed,
    FetchLog: Fetched,
    ReadConfiguration: Told,
    ReadMonitors: Told,
    ReadProfiles: Told,
    ReadMessages: Told,
    AskCustomerInformation: Told,
}


BY_HAND = (Reset, Unlock, SetAvailability)
"""What a message by hand is proved as: those of which all that a proof needs stands in the message."""


def proof_of(start: Start) -> Watch | None:
    """The proof of a command that leaves now; None where its answer is all there is to prove."""
    meant = meaning(start.operation)
    if isinstance(meant, BY_HAND):
        start = replace(start, operation=meant)
    kind = PROOFS.get(type(start.operation))
    return None if kind is None else kind(start)
