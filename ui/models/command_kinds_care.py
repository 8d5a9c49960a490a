"""Commands that change what a station keeps: limits, reservations, lists, settings, firmware, logs. No Qt."""

import json

from app.domain.errors import ForecourtError
from app.domain.operations import (
    CancelReservation,
    ClearMonitors,
    ClearProfile,
    FetchLog,
    Message,
    Operation,
    Prioritise,
    ProfilePeriod,
    ReadCompositeSchedule,
    ReadConfiguration,
    ReadLocalListVersion,
    ReadMessages,
    ReadMonitors,
    ReadProfiles,
    ReadStreams,
    ReadTransaction,
    Reserve,
    SetMonitors,
    SetProfile,
    SetStream,
    TransferData,
    UpdateFirmware,
    Variable,
)
from app.fleet.views import StationView
from ui.models.command_fields import (
    DAY_MS,
    Ask,
    Facts,
    Values,
    choice,
    evse_choice,
    evse_of,
    moment,
    moment_of,
    needed,
    number_between,
    number_of,
    text_of,
)
from ui.models.command_kinds import Kind
from ui.models.command_kinds_hand import MAX_TOKEN, session_asks, session_of

LIMIT_PROFILE = 9000
"""Our limit of connector n is profile 9000 + n, so that a new limit takes the place of the old one."""
HOURS = (("1", "1 hour"), ("6", "6 hours"), ("24", "24 hours"), ("72", "3 days"))
MONITORS = (
    ("UpperThreshold", "rises above"),
    ("LowerThreshold", "falls below"),
    ("Delta", "changes by"),
    ("Periodic", "every so many seconds"),
)


def limit_profile(evse: int | None, unit: str, limit: float, until_ms: int | None, now_ms: int) -> SetProfile:
    """A limit as a charging profile: of the whole station, or the default of a connector.

    `limit` is in W or A as `unit` says; without an end it holds until it is taken back.
    """
    where = evse or 0
    return SetProfile(
        LIMIT_PROFILE + where,
        "Max" if where == 0 else "TxDefault",
        where,
        unit,
        (ProfilePeriod(0, limit),),
        start_ms=now_ms,
        duration_s=None if until_ms is None else max(1, (until_ms - now_ms) // 1000),
        valid_to_ms=until_ms,
    )


def _limit(values: Values, facts: Facts) -> Operation:
    unit = values.get("unit") or "W"
    value = number_of(values["limit"])
    until = moment_of(values.get("until", ""), facts.now_ms, facts.zone)
    return limit_profile(evse_of(values), unit, value * 1000 if unit == "W" else value, until, facts.now_ms)


def _limit_asks(facts: Facts) -> tuple[Ask, ...]:
    return (
        evse_choice(facts, whole="The whole station", label="Where"),
        choice("unit", "Unit", (("W", "kW"), ("A", "A per phase"))),
        Ask("limit", "At most", placeholder="60", check=number_between(0, 5000, "The limit")),
        Ask("until", "Until", placeholder="Until taken back; or 14:30, +45 min",
            check=moment(facts, "until", "Until").check),
    )  # fmt: skip


def _clear(values: Values, _facts: Facts) -> Operation:
    if values.get("what") == "all":
        return ClearProfile()
    return ClearProfile(LIMIT_PROFILE + (evse_of(values) or 0))


def _unlimit(operation: Operation) -> Operation | None:
    return ClearProfile(operation.profile) if isinstance(operation, SetProfile) else None


def _composite(values: Values, _facts: Facts) -> Operation:
    hours = int(number_of(values.get("hours") or "24"))
    return ReadCompositeSchedule(evse_of(values) or 0, hours * 3600, values.get("unit") or "W")


def _reserve(values: Values, facts: Facts) -> Operation:
    until = moment_of(values["until"], facts.now_ms, facts.zone)
    if until is None:
        raise ForecourtError("Say until when.")
    number = facts.now_ms // 1000 % 2**31
    return Reserve(number, evse_of(values), values["token"].strip(), until)


def _release(operation: Operation) -> Operation | None:
    return CancelReservation(operation.reservation) if isinstance(operation, Reserve) else None


def _firmware(values: Values, facts: Facts) -> Operation:
    url = values["url"].strip()
    return UpdateFirmware(
        url,
        values.get("version", "").strip(),
        moment_of(values.get("retrieve", ""), facts.now_ms, facts.zone),
        moment_of(values.get("install", ""), facts.now_ms, facts.zone),
        signing_certificate=values.get("certificate", "").strip(),
        signature=values.get("signature", "").strip(),
    )


def _url(text: str) -> str:
    said = text.strip()
    if not said:
        return "Where the station fetches it from is needed."
    schemes = ("http://", "https://", "ftp://", "ftps://", "sftp://")
    return "" if said.startswith(schemes) else "The address begins with http://, https://, ftp:// or sftp://."


def _log(values: Values, facts: Facts) -> Operation:
    hours = values.get("hours", "24")
    from_ms = None if hours == "all" else facts.now_ms - int(number_of(hours)) * DAY_MS // 24
    return FetchLog(values.get("what") or "Diagnostics", from_ms=from_ms)


def _log_asks(facts: Facts) -> tuple[Ask, ...]:
    whats = [("Diagnostics", "Diagnostics"), ("Security", "Security log")]
    return (choice("what", "Which", whats), choice("hours", "Of the last", (*HOURS, ("all", "all it has"))))


def _monitor(values: Values, _facts: Facts) -> Operation:
    variable = Variable(values["name"].strip(), values["component"].strip())
    monitor = (variable, values.get("what") or "UpperThreshold", number_of(values["value"]),
               int(number_of(values["severity"])))  # fmt: skip
    return SetMonitors((monitor,))


def _hand(values: Values, _facts: Facts) -> Operation:
    try:
        payload = json.loads(values.get("payload", "").strip() or "{}")
    except ValueError as error:
        raise ForecourtError(f"The payload is no JSON: {error}.") from None
    if not isinstance(payload, dict):
        raise ForecourtError("The payload is a JSON object, in braces.")
    return Message(values["action"].strip(), payload)


def _installed(view: StationView) -> str:
    return f"{view.firmware} installed" if view.firmware else "Version not told"


def _stream(values: Values, _facts: Facts) -> Operation:
    interval = values.get("interval", "").strip()
    return SetStream(
        int(number_of(values["stream"])), int(number_of(values["monitor"])), values.get("what") != "close",
        interval_s=int(number_of(interval)) if interval else None,
    )  # fmt: skip


def _number(key: str, label: str, value: str = "", low: int = 0, *, need: bool = True) -> Ask:
    check = number_between(low, 2**31 - 1, f"The {label.lower()}", whole=True, need=need)
    return Ask(key, label, value=value, check=check)


CARE = (
    Kind(
        "limit", "Set power limit", "gauge", "", "SetProfile", "Limit",
        "The station charges with at most this much. It counts as done when the station accepts the profile; "
        "a limit of Forecourt's takes the place of its last one. It can be taken back.",
        _limit, _limit_asks, lambda _view: "Of the station or a connector", _unlimit,
    ),
    Kind(
        "log", "Get diagnostics", "file-down", "", "FetchLog", "Get",
        "The station uploads its log to this machine, to an address that is used once. It counts as done "
        "when the file is here; you find it under Files.",
        _log, _log_asks, lambda _view: "Uploaded to this machine",
    ),
    Kind(
        "firmware", "Update firmware", "hard-drive-download", "", "UpdateFirmware", "Update",
        "The station fetches the firmware, installs it and restarts, most only when no session runs. "
        "It counts as done when it has booted with another version.",
        _firmware,
        lambda facts: (
            Ask("url", "Address of the firmware", placeholder="https://", check=_url, mono=True),
            text_of("version", "Version it will have", 50, need=False, placeholder="Known from the file"),
            moment(facts, "retrieve", "Fetch"),
            moment(facts, "install", "Install"),
            Ask("certificate", "Signing certificate, PEM", "area"),
            Ask("signature", "Signature, Base64", "area"),
        ),
        _installed,
    ),
    Kind(
        "clear-limit", "Take limits back", "undo-2", "limit", "ClearProfile", "Take back",
        "The station charges again as it could before.",
        _clear,
        lambda facts: (
            choice("what", "Which", (("ours", "Forecourt's limit"), ("all", "Every charging profile"))),
            evse_choice(facts, whole="The whole station", label="Where"),
        ),
    ),
    Kind(
        "composite", "Ask which limit holds", "activity", "limit", "ReadCompositeSchedule", "Ask",
        "The station tells the limit that holds over the coming time, from all its profiles together. "
        "Nothing changes.",
        _composite,
        lambda facts: (
            evse_choice(facts, whole="The whole station", label="Where"),
            choice("hours", "For the coming", HOURS, "24"),
            choice("unit", "In", (("W", "kW"), ("A", "A"))),
        ),
    ),
    Kind(
        "reserve", "Reserve a connector", "calendar-clock", "limit", "Reserve", "Reserve",
        "Only this card can start there until the time is over. It can be given back.",
        _reserve,
        lambda facts: (
            evse_choice(facts, whole="Any connector"),
            text_of("token", "Card", MAX_TOKEN, mono=True),
            moment(facts, "until", "Until", "+30 min", need=True),
        ),
        undo=_release,
    ),
    Kind(
        "cancel-reservation", "Give a reservation back", "calendar-x", "limit", "CancelReservation",
        "Give back", "The connector is free for everybody again.",
        lambda values, _facts: CancelReservation(int(number_of(values["reservation"]))),
        lambda _facts: (_number("reservation", "Number"),),
    ),
    Kind(
        "read-profiles", "Read charging profiles", "list-checks", "limit", "ReadProfiles", "Read",
        "The station tells which charging profiles it holds. Nothing changes.",
        lambda values, _facts: ReadProfiles(evse_of(values)),
        lambda facts: (evse_choice(facts, whole="All of it", label="Where"),),
    ),
    Kind(
        "priority", "Charge with priority", "zap", "session", "Prioritise", "Change",
        "The session charges before others, or no longer does.",
        lambda values, facts: Prioritise(session_of(values, facts)[1], values.get("what") != "off"),
        lambda facts: (
            *session_asks(facts), choice("what", "Priority", (("on", "With priority"), ("off", "As others"))),
        ),
    ),
    Kind(
        "read-transaction", "Ask what still waits", "search", "session", "ReadTransaction", "Ask",
        "The station tells whether messages still wait there to be sent. Nothing changes.",
        lambda _values, _facts: ReadTransaction(),
    ),
    Kind(
        "read-messages", "Read display texts", "message-square", "driver", "ReadMessages", "Read",
        "The station tells which texts it holds for its display. Nothing changes.",
        lambda _values, _facts: ReadMessages(),
    ),
    Kind(
        "list-version", "Read card list version", "list-checks", "data", "ReadLocalListVersion", "Read",
        "The station tells which version of the local card list it holds. Nothing changes.",
        lambda _values, _facts: ReadLocalListVersion(),
    ),
    Kind(
        "read-settings", "Read all settings", "sliders-horizontal", "data", "ReadConfiguration", "Read",
        "The station tells all its settings; they are kept with the time they were read. Nothing changes.",
        lambda _values, _facts: ReadConfiguration(),
    ),
    Kind(
        "monitor", "Watch a value", "eye", "data", "SetMonitors", "Watch",
        "The station reports by itself when the value does this.",
        _monitor,
        lambda _facts: (
            text_of("component", "Component", 50, mono=True, what="The component"),
            text_of("name", "Variable", 50, mono=True, what="The variable"),
            choice("what", "When it", MONITORS),
            Ask("value", "Value", check=number_between(-1e9, 1e9, "The value")),
            Ask("severity", "Severity, 0 gravest to 9", value="5",
                check=number_between(0, 9, "The severity", whole=True)),
        ),
    ),
    Kind(
        "read-monitors", "Read what is watched", "eye", "data", "ReadMonitors", "Read",
        "The station tells which values it watches. Nothing changes.",
        lambda _values, _facts: ReadMonitors(),
    ),
    Kind(
        "read-streams", "Read event streams", "activity", "data", "ReadStreams", "Read",
        "The station tells which periodic event streams are open. Nothing changes.",
        lambda _values, _facts: ReadStreams(),
    ),
    Kind(
        "clear-monitor", "Watch no more", "eye", "data", "ClearMonitors", "End",
        "The station no longer reports by this monitor.",
        lambda values, _facts: ClearMonitors((int(number_of(values["monitor"])),)),
        lambda _facts: (_number("monitor", "Number of the monitor"),),
    ),
    Kind(
        "stream", "Event stream", "activity", "data", "SetStream", "Change",
        "A monitor's values come in batches, or no longer do.",
        _stream,
        lambda _facts: (
            choice("what", "What", (("open", "Adjust"), ("close", "Close"))),
            _number("stream", "Stream", "1"), _number("monitor", "Monitor"),
            _number("interval", "Every, seconds", "", 1, need=False),
        ),
    ),
    Kind(
        "transfer", "Vendor's own message", "arrow-left-right", "data", "TransferData", "Send",
        "What happens is up to the vendor.",
        lambda values, _facts: TransferData(
            values["vendor"].strip(), values.get("message", "").strip(), values.get("data", "")
        ),
        lambda facts: (
            text_of("vendor", "Vendor", 255, value=facts.view.vendor),
            text_of("message", "Message", 50, need=False),
            Ask("data", "Data", "area"),
        ),
    ),
    Kind(
        "message", "Any message by hand", "terminal", "data", "Message", "Send",
        "Sent as written, once the schema of the station's version allows it. What it does is up to you to "
        "know.",
        _hand,
        lambda _facts: (
            Ask("action", "Action", placeholder="GetConfiguration", check=needed("The action"), mono=True),
            Ask("payload", "Payload, JSON", "area", "{}", mono=True),
        ),
    ),
)  # fmt: skip
