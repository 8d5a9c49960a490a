"""What real chargers get wrong, as switches of one run. The ids are those of the quirk catalogue."""

from dataclasses import dataclass, field, replace

from app.simulator.wire import TimeFormat


@dataclass(frozen=True, slots=True)
class Habits:
    """How a simulated station differs from the charger of the specification. Default: not at all.

    Connecting
        subprotocols: offered in this order; None = the one of its version, () = none (Q02, Q03).
        raw_path: request target instead of /identity, as typed (Q04, Q05).
        credentials: bytes before base64 for the Authorization header (Q06); None = no header.
        answers_pings: False never pongs (Q09).
        keeps_old_socket: a reconnect leaves the old socket open, unread (Q01).
        boots: False never sends BootNotification (Q12).
        drops_on_early_call: hangs up when called before Boot is answered plus 5 s (Q13).
    Answering our calls
        silent_on: actions it never answers (Q34); "*" = all (Q10).
        answer_delay_s, answer_other_id, answer_times: late, under another id, repeatedly (Q30, Q31).
        crash_before, crash_after: hangs up before or after answering these actions (Q63, Q68).
    Clock
        clock_offset_ms, time_format (Q64, Q65).
    Queue
        queue_limit: messages kept while offline, the oldest goes first; queue_order: "first-first",
        "last-first" or "shuffled" (Q35).
    Sessions
        start_times, stop_times: how often each is told (Q36, Q39).
        stop_id, reading_id: transaction id used instead of the real one (Q37, Q42, Q44).
        never_stops: tells no end at all (Q40).
        mangle: how a MeterValues or TransactionEvent text is broken: "leading-comma",
        "empty-value", "cut-tail", "nul" (Q23).
        shuffles_events: 2.x events of a transaction leave in the order 0, 1, 4, 3, 2 (Q71).
        loses_started: the Started event is never sent (Q71).
    Meter
        register_start_wh, register_resets ("never", "boot", "session") (Q51), begins_at_zero (Q49).
        energy_unit: "Wh", "kWh", "" (omitted) or "kWh-as-Wh" (Q52); phases: "total", "each",
        "total-as-L1" (Q54); noise_wh: a wobble, at most, of what is told.
    Obedience
        profile: "obeyed", "ignored" or "refused" (Q66). forgets_settings: at reboot (Q18).
        frozen_status: a status it never leaves once entered (Q61).
        idle_on: actions that it accepts, and then does nothing; "*" = all.
    Files and firmware
        uploads: "" brings what is asked for, "fails", "cut" (the link breaks half way, every time),
        "cut-once", "lies" (says Uploaded, brings nothing), "mute" (brings it without a word).
        upload_way: "put", "post", "chunked" or "form".
        firmware: "" installs it, "download-fails", "download-breaks-once", "bad-signature",
        "install-fails", "keeps-old" (says Installed, boots the old version), "mute" (Q69).
    """

    subprotocols: tuple[str, ...] | None = None
    raw_path: str | None = None
    credentials: bytes | None = field(default=None, repr=False)
    answers_pings: bool = True
    keeps_old_socket: bool = False
    boots: bool = True
    drops_on_early_call: bool = False
    silent_on: frozenset[str] = frozenset()
    answer_delay_s: float = 0
    answer_other_id: bool = False
    answer_times: int = 1
    crash_before: frozenset[str] = frozenset()
    crash_after: frozenset[str] = frozenset()
    clock_offset_ms: int = 0
    time_format: TimeFormat = TimeFormat.Z
    queue_limit: int | None = None
    queue_order: str = "first-first"
    start_times: int = 1
    stop_times: int = 1
    stop_id: int | str | None = None
    reading_id: int | str | None = None
    never_stops: bool = False
    mangle: str = ""
    shuffles_events: bool = False
    loses_started: bool = False
    register_start_wh: int | None = None
    register_resets: str = "never"
    begins_at_zero: bool = False
    energy_unit: str = "Wh"
    phases: str = "total"
    noise_wh: int = 0
    profile: str = "obeyed"
    forgets_settings: bool = False
    frozen_status: str = ""
    idle_on: frozenset[str] = frozenset()
    uploads: str = ""
    upload_way: str = "put"
    firmware: str = ""


NORMAL = Habits()

NAMED: dict[str, Habits] = {
    # the twelve that matter most
    "Q01": Habits(keeps_old_socket=True),
    "Q09": Habits(answers_pings=False),
    "Q13": Habits(drops_on_early_call=True),
    "Q23": Habits(mangle="leading-comma"),
    "Q36": Habits(start_times=2),
    "Q37": Habits(stop_id=-1),
    "Q39": Habits(stop_times=20),
    "Q40": Habits(never_stops=True),
    "Q49": Habits(begins_at_zero=True),
    "Q52": Habits(energy_unit="kWh-as-Wh"),
    "Q61": Habits(frozen_status="Finishing"),
    "Q71": Habits(shuffles_events=True),
    # and others that a run may ask for
    "Q02": Habits(subprotocols=()),
    "Q10": Habits(silent_on=frozenset({"*"})),
    "Q12": Habits(boots=False),
    "Q30": Habits(answer_other_id=True),
    "Q31": Habits(answer_delay_s=35),
    "Q34": Habits(silent_on=frozenset({"ChangeAvailability"})),
    "Q42": Habits(stop_id=-1, reading_id=-1),
    "Q44": Habits(reading_id=0),
    "Q51": Habits(register_resets="session"),
    "Q54": Habits(phases="each"),
    "Q63": Habits(crash_before=frozenset({"TriggerMessage"})),
    "Q64": Habits(time_format=TimeFormat.NO_ZONE),
    "Q65": Habits(clock_offset_ms=7 * 60_000),
    "Q66": Habits(profile="ignored"),
}


def habits(*names: str) -> Habits:
    """The habits named, joined; a later name wins where two set the same switch.

    Raises:
        KeyError: no such quirk can be played.
    """
    joined = NORMAL
    for name in names:
        wanted = NAMED[name]
        changes = {
            key: getattr(wanted, key)
            for key in Habits.__dataclass_fields__
            if getattr(wanted, key) != getattr(NORMAL, key)
        }
        joined = replace(joined, **changes)
    return joined


def mangled(text: str, way: str) -> str:
    """`text`, a good frame, broken as seen in the field (Q23)."""
    match way:
        case "leading-comma":
            return text.replace("[{", "[,{", 1)
        case "empty-value":
            head, key, tail = text.partition('"transactionId":')
            return head + key + tail[tail.index(",") if "," in tail else 0 :] if key else text
        case "cut-tail":
            return text[:-2]
        case "nul":
            return text[:-1] + "\x00]"
    return text
