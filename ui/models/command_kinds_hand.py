"""Commands that act at once: sessions, restarts, service, the plug. No Qt."""

from app.domain.errors import ForecourtError
from app.domain.operations import (
    AskCustomerInformation,
    ClearCache,
    ClearMessage,
    Operation,
    Reset,
    SetAvailability,
    ShowMessage,
    StartSession,
    StopSession,
    TellCost,
    Trigger,
    Unlock,
)
from app.fleet.views import StationView
from ui.models.command_fields import (
    Ask,
    Facts,
    Values,
    choice,
    evse_choice,
    evse_of,
    moment,
    moment_of,
    number_between,
    number_of,
    text_of,
)
from ui.models.command_kinds import Kind, connectors_words, cuts, out_of_service, running, waits
from ui.models.words import pseudonym

MAX_TOKEN = 36
MESSAGES = (
    ("StatusNotification", "Status of its connectors"),
    ("BootNotification", "Who it is (boot)"),
    ("Heartbeat", "A sign of life"),
    ("MeterValues", "Meter values"),
    ("FirmwareStatusNotification", "How far a firmware update is"),
)
UPLOADS = {
    "1.6": (("DiagnosticsStatusNotification", "How far an upload is"),),
    "2": (("LogStatusNotification", "How far a log is"), ("TransactionEvent", "How its sessions stand")),
}
"""Messages of one generation only."""
PRIORITIES = (
    ("NormalCycle", "In turn with others"),
    ("InFront", "Before others"),
    ("AlwaysFront", "Always, instead of others"),
)
TOKEN_KINDS = (("Central", "Given out here"), ("ISO14443", "A card (RFID)"), ("eMAID", "A contract"))


def _sessions(facts: Facts) -> list[tuple[str, str]]:
    return [
        (str(plug.session), f"{plug.session}, connector {plug.evse}, {pseudonym(plug.session_token, 'card')}")
        for plug in facts.view.connectors
        if plug.session is not None
    ]


def _uploads(facts: Facts) -> tuple[tuple[str, str], ...]:
    return UPLOADS["2" if facts.view.version.startswith("2") else "1.6"]


def session_asks(facts: Facts) -> tuple[Ask, ...]:
    """The running sessions to choose from."""
    offered = _sessions(facts)
    if not offered:
        return (Ask("session", "Session", "text", check=lambda _t: "No session runs at this station."),)
    return (choice("session", "Session", offered),)


def session_of(values: Values, facts: Facts) -> tuple[int, str]:
    """The session that was chosen: our number and its transaction. Raises ForecourtError."""
    number = int(number_of(values["session"]))
    transaction = facts.transactions.get(number, "")
    if not transaction:
        raise ForecourtError(f"The station has not told yet what it calls session {number}; try again.")
    return number, transaction


def _stop(values: Values, facts: Facts) -> Operation:
    number, transaction = session_of(values, facts)
    return StopSession(transaction, number)


def _cost(values: Values, facts: Facts) -> Operation:
    return TellCost(session_of(values, facts)[1], number_of(values["total"]))


def _start(values: Values, _facts: Facts) -> Operation:
    limit = values.get("limit", "").strip()
    return StartSession(
        evse_of(values), values["token"].strip(), values.get("token_kind") or "Central",
        limit_w=round(number_of(limit) * 1000) if limit else None,
    )  # fmt: skip


def _start_asks(facts: Facts) -> tuple[Ask, ...]:
    free = [p for p in facts.view.connectors if p.session is None and p.evse]
    return (
        evse_choice(facts, whole="The station chooses", value=str(free[0].evse) if free else ""),
        text_of("token", "Card or contract to charge", MAX_TOKEN, placeholder="04A2F1…", mono=True,
                what="The card"),
        choice("token_kind", "What it is", TOKEN_KINDS),
        Ask("limit", "At most, kW", placeholder="No limit",
            check=number_between(0.1, 2000, "The limit", need=False)),
    )  # fmt: skip


def _unlock(values: Values, _facts: Facts) -> Operation:
    evse = evse_of(values)
    if evse is None:
        raise ForecourtError("Choose a connector.")
    return Unlock(evse)


def _service(values: Values, facts: Facts) -> Operation:
    at_ms = moment_of(values.get("at", ""), facts.now_ms, facts.zone)
    return SetAvailability(values.get("to") == "in", evse_of(values), at_ms=at_ms)


def _service_asks(facts: Facts) -> tuple[Ask, ...]:
    is_out = out_of_service(facts.view)
    return (
        choice("to", "To", (("out", "Out of service"), ("in", "In service")), "in" if is_out else "out"),
        evse_choice(facts, whole="The whole station"),
        moment(facts, "at", "When"),
    )


def _service_note(view: StationView) -> str:
    return "Out of service now" if out_of_service(view) else "New starts refused; undo any time"


def _back(operation: Operation) -> Operation | None:
    if not isinstance(operation, SetAvailability) or operation.at_ms is not None:
        return None
    return SetAvailability(not operation.operative, operation.evse, operation.connector)


def _show(values: Values, facts: Facts) -> Operation:
    end_ms = moment_of(values.get("until", ""), facts.now_ms, facts.zone)
    return ShowMessage(
        int(number_of(values["message"])), values["text"].strip(), values.get("priority") or "NormalCycle",
        end_ms=end_ms,
    )  # fmt: skip


def _customer(values: Values, _facts: Facts) -> Operation:
    token, customer = values.get("token", "").strip(), values.get("customer", "").strip()
    if not token and not customer:
        raise ForecourtError("Say which customer: a card or a customer number.")
    clear = values.get("what") == "clear"
    return AskCustomerInformation(not clear, clear, token, customer=customer)


HAND = (
    Kind(
        "reset-soft", "Soft reset", "rotate-ccw", "", "Reset", "Restart",
        "The station restarts in good order: by OCPP 1.6 it ends its sessions first, by 2.x it waits for "
        "them to end. It counts as done when it has come back and its connectors are available again.",
        lambda values, _facts: Reset(False, evse_of(values)),
        lambda facts: (evse_choice(facts, whole="The whole station", label="What"),)
        if facts.view.version.startswith("2") else (),
        waits,
    ),
    Kind(
        "reset-hard", "Hard reset", "power", "", "Reset", "Restart now",
        "The station restarts at once, whatever runs. It counts as done when it has come back and its "
        "connectors are available again.",
        lambda values, _facts: Reset(True, evse_of(values)),
        lambda facts: (evse_choice(facts, whole="The whole station", label="What"),)
        if facts.view.version.startswith("2") else (),
        cuts, cuts=True,
    ),
    Kind(
        "unlock", "Unlock connector", "lock-open", "", "Unlock", "Unlock",
        "The station lets go of the plug. It counts as done when the connector's status has changed.",
        _unlock, lambda facts: (evse_choice(facts),), connectors_words, cuts=True,
    ),
    Kind(
        "service", "Take out of service", "circle-pause", "", "SetAvailability", "Change",
        "Out of service, new starts are refused; a running session may end first. It counts as done when "
        "the station reports so. It can be put back at any time.",
        _service, _service_asks, _service_note, _back, keys="T",
    ),
    Kind(
        "start", "Start a session", "play", "session", "StartSession", "Start",
        "The station is asked to charge for this card, as if it had been shown there. It counts as done when "
        "a session has begun and energy flows.",
        _start, _start_asks,
    ),
    Kind(
        "stop", "Stop a session", "circle-stop", "session", "StopSession", "Stop",
        "The session ends and the plug is let go. It counts as done when the station reports the end. "
        "The driver can start again.",
        _stop, session_asks,
        lambda view: f"{running(view)} running" if running(view) else "None runs", cuts=True,
    ),
    Kind(
        "trigger", "Ask for a message", "radio", "service", "Trigger", "Ask",
        "The station sends one message now, out of its turn. Nothing changes at the station. It counts as "
        "done when that message has arrived.",
        lambda values, _facts: Trigger(values["message"], evse_of(values)),
        lambda facts: (
            choice("message", "Message", (*MESSAGES, *_uploads(facts))),
            evse_choice(facts, whole="All of it"),
        ),
        lambda _view: "Status, boot, meter values",
    ),
    Kind(
        "clear-cache", "Forget known cards", "eraser", "service", "ClearCache", "Clear",
        "The station forgets which cards it has seen accepted, and asks here again for each.",
        lambda _values, _facts: ClearCache(), note=lambda _view: "Clears its authorisation cache",
    ),
    Kind(
        "show-message", "Show a text", "message-square", "driver", "ShowMessage", "Show",
        "The text appears on the station's display until its end, or until it is taken off.",
        _show,
        lambda facts: (
            text_of("text", "Text", 512, what="The text"),
            Ask("message", "Number", value="1", check=number_between(1, 2**31 - 1, "The number", whole=True)),
            choice("priority", "Shown", PRIORITIES),
            moment(facts, "until", "Until", ""),
        ),
        lambda _view: "On the station's display",
    ),
    Kind(
        "clear-message", "Take a text off", "x", "driver", "ClearMessage", "Take off",
        "The text of this number disappears from the station's display.",
        lambda values, _facts: ClearMessage(int(number_of(values["message"]))),
        lambda _facts: (
            Ask("message", "Number", value="1", check=number_between(0, 2**31 - 1, "The number", whole=True)),
        ),
    ),
    Kind(
        "tell-cost", "Tell the cost", "coins", "driver", "TellCost", "Tell",
        "The driver sees at the station what the running session costs so far.",
        _cost,
        lambda facts: (
            *session_asks(facts),
            Ask("total", "Cost so far", placeholder="4.20", check=number_between(0, 1e6, "The cost")),
        ),
    ),
    Kind(
        "customer", "Customer information", "user-search", "driver", "AskCustomerInformation", "Ask",
        "The station reports, or forgets, what it holds about a customer. What it has forgotten does not "
        "come back.",
        _customer,
        lambda _facts: (
            choice("what", "What", (("report", "Report what it holds"), ("clear", "Have it cleared"))),
            text_of("token", "Card", MAX_TOKEN, need=False, mono=True),
            text_of("customer", "Customer number", 64, need=False),
        ),
    ),
)  # fmt: skip
