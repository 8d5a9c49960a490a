"""One operation of every kind, as an operator may mean it, whose parts every version can say."""

from app.domain import operations as op

AT = 1_767_600_000_000
HEARTBEAT = {
    "1.6": op.Variable("HeartbeatInterval"),
    "2.0.1": op.Variable("HeartbeatInterval", "OCPPCommCtrlr"),
    "2.1": op.Variable("HeartbeatInterval", "OCPPCommCtrlr"),
}


def samples(version: str) -> list[op.Operation]:
    """All kinds, `Message` left out."""
    heartbeat = HEARTBEAT[version]
    transaction = "41" if version == "1.6" else "tx-41"
    limits = (op.ProfilePeriod(0, 11_000.0), op.ProfilePeriod(3_600, 6_900.04, 3))
    return [
        op.StartSession(1, "ANNA"),
        op.StopSession(transaction, 7),
        op.Unlock(1),
        op.Reset(),
        op.SetAvailability(False, 1),
        op.Trigger("StatusNotification", 1),
        op.ReadConfiguration((heartbeat,)),
        op.WriteConfiguration(((heartbeat, "300"),)),
        op.SetMonitors(((heartbeat, "UpperThreshold", 600.0, 5),)),
        op.ClearMonitors((1, 2)),
        op.ReadMonitors((heartbeat,)),
        op.ClearCache(),
        op.ReadLocalListVersion(),
        op.SendLocalList(3, (op.ListedToken("ANNA"), op.ListedToken("BEN", status=None))),
        op.Reserve(9, 1, "ANNA", AT),
        op.CancelReservation(9),
        op.SetProfile(1, "TxDefault", 1, "W", limits),
        op.ClearProfile(evse=1, purpose="TxDefault"),
        op.ReadProfiles(1),
        op.ReadCompositeSchedule(1),
        op.Prioritise(transaction),
        op.ReadTransaction(transaction),
        op.UpdateFirmware("http://127.0.0.1/fw.bin"),
        op.FetchLog(url="http://127.0.0.1/log"),
        op.TransferData("acme", "hello", "world"),
        op.ShowMessage(1, "Hello", state="Idle", start_ms=AT),
        op.ClearMessage(1),
        op.ReadMessages((1,)),
        op.AskCustomerInformation(True, False, "ANNA"),
        op.TellCost(transaction, 4.5),
        op.SetStream(1, 2, interval_s=10),
        op.ReadStreams(),
    ]
