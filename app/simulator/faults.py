"""What breaks in chargers, why, and what mends it."""

import math
import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FaultKind:
    """A kind of fault.

    Attributes:
        error: OCPP 1.6's errorCode; 2.x gets its component by `speech2x.PROBLEMS`.
        effect: "blocks" (Faulted, the session ends), "derates" (half power, told as a warning),
            "reader" (Available, but no card is read), "warns" (told, and nothing else).
        mends: "itself", "reset" (a reboot clears it) or "visit" (a technician).
        hours: median duration if nobody acts, spread log-normally (sigma 0.7).
        needs: "" any plug, "dc" or "ac".
    """

    key: str
    error: str
    vendor_error: str
    cause: str
    effect: str
    mends: str
    hours: float
    weight: float
    needs: str = ""


_ROWS: tuple[tuple[str, str, str, str, str, str, float, float, str], ...] = (
    ("lock", "ConnectorLockFailure", "E113", "lock pin short of its end stop", "blocks", "visit", 17, 14, ""),
    ("ground", "GroundFailure", "E201", "residual current, wet cable", "blocks", "itself", 0.7, 10, ""),
    ("heat", "HighTemperature", "E310", "fan filter clogged, over 65 °C", "derates", "itself", 3, 12, "dc"),
    ("module", "OtherError", "PM2-FAIL", "power module 2 is mute", "derates", "visit", 40, 9, "dc"),
    ("contactor", "PowerSwitchFailure", "E404", "contactor welded", "blocks", "visit", 30, 6, ""),
    ("reader", "ReaderFailure", "NFC-TIMEOUT", "card reader hangs", "reader", "reset", 9, 12, ""),
    ("meter", "PowerMeterFailure", "E520", "meter bus is mute", "blocks", "reset", 5, 5, ""),
    ("stop", "OtherError", "ESTOP", "emergency stop pressed", "blocks", "visit", 2.5, 8, ""),
    ("supply", "UnderVoltage", "E610", "phase L2 below 195 V", "blocks", "itself", 0.4, 8, ""),
    ("cooling", "OtherError", "COOL-FLOW", "coolant flow too low", "blocks", "visit", 26, 4, "dc"),
    ("precharge", "OtherError", "CX012", "DC pre-charge voltage not reached", "blocks", "reset", 6, 5, "dc"),
    ("pilot", "OtherError", "CX014", "control pilot out of range", "blocks", "visit", 14, 3, ""),
    ("insulation", "OtherError", "CX011", "insulation test failed", "blocks", "visit", 20, 3, "dc"),
    ("plughot", "OtherError", "CX019", "plug over 90 °C, session stopped", "blocks", "itself", 1.5, 3, "dc"),
    ("overcurrent", "OverCurrentFailure", "E202", "over-current trip", "blocks", "itself", 0.5, 3, ""),
    ("overvoltage", "OverVoltage", "E611", "phase L1 over 264 V", "blocks", "itself", 0.3, 2, ""),
    ("latch", "OtherError", "CX025", "latch spring broken", "blocks", "visit", 30, 2, ""),
    ("cable", "OtherError", "CX026", "output cable cut", "blocks", "visit", 40, 0, ""),
    ("weak", "WeakSignal", "CX007", "signal -109 dBm", "warns", "itself", 4, 5, ""),
    ("handshake", "EVCommunicationError", "CP-LOST", "control pilot lost", "blocks", "itself", 0.1, 12, "ac"),
)
KINDS: tuple[FaultKind, ...] = tuple(FaultKind(*row) for row in _ROWS)

BY_KEY = {kind.key: kind for kind in KINDS}


def fitting(dc: bool) -> list[FaultKind]:
    """The kinds that this sort of plug can have."""
    return [k for k in KINDS if k.needs in ("", "dc" if dc else "ac")]


def pick_kind(dc: bool, rng: random.Random, weak_spot: str = "") -> FaultKind:
    """A kind of fault; half the time the station's weak spot, since troubles repeat."""
    kinds = fitting(dc)
    weak = BY_KEY.get(weak_spot)
    if weak is not None and weak in kinds and rng.random() < 0.5:
        return weak
    return rng.choices(kinds, [k.weight for k in kinds])[0]


def duration_s(kind: FaultKind, rng: random.Random) -> float:
    """How long it lasts if nobody acts."""
    return 3600 * kind.hours * math.exp(rng.gauss(0, 0.7))
