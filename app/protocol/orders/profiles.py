"""Charging profiles as the versions write them (1.6 chapter 7.8, 2.x part 2 block K)."""

from typing import Any

from app.domain.operations import ProfilePeriod, SetProfile
from app.protocol.orders.ask import Ask, CannotDo

PURPOSE_16 = {"Max": "ChargePointMaxProfile", "TxDefault": "TxDefaultProfile", "Tx": "TxProfile"}
PURPOSE_2X = {"Max": "ChargingStationMaxProfile", "TxDefault": "TxDefaultProfile", "Tx": "TxProfile"}


def purpose(table: dict[str, str], word: str) -> str:
    """The version's word for a purpose, which may be given in that word itself.

    Raises:
        CannotDo: no such purpose.
    """
    found = table.get(word, word)
    if found not in table.values():
        raise CannotDo(f"There is no kind of limit called {word!r}; use {', '.join(table)}.")
    return found


def check_place(operation: SetProfile) -> None:
    """A limit of the whole station is set at EVSE 0, one of a session at its EVSE; periods are in order.

    Raises:
        CannotDo: it is not so.
    """
    if operation.purpose == "Max" and operation.evse:
        raise CannotDo("A limit for the whole station is set at EVSE 0; use TxDefault to limit one EVSE.")
    if operation.purpose == "Tx" and not operation.evse:
        raise CannotDo("A limit for a running session needs the EVSE where it runs.")
    if operation.purpose == "Tx" and not operation.transaction:
        raise CannotDo("A limit for a running session needs that session; use TxDefault for those to come.")
    if not operation.periods:
        raise CannotDo("A limit needs at least one period.")
    starts = [period.start_s for period in operation.periods]
    if starts[0] != 0 or starts != sorted(set(starts)):
        raise CannotDo("The periods of a limit begin at 0 seconds and follow each other in time.")
    if (operation.kind == "Recurring") != bool(operation.recurrency):
        raise CannotDo("A recurring limit says whether it is Daily or Weekly, and no other limit does.")


def periods(given: tuple[ProfilePeriod, ...]) -> list[dict[str, Any]]:
    """The periods of a schedule; limits have one decimal (weak stations take no more)."""
    return [{"startPeriod": p.start_s, "limit": round(p.limit, 1), "numberPhases": p.phases} for p in given]


def schedule(operation: SetProfile, asked: Ask) -> dict[str, Any]:
    """A schedule; absolute and recurring ones start now where no start is named."""
    start_ms = operation.start_ms
    if start_ms is None and operation.kind != "Relative":
        start_ms = asked.now_ms
    return {
        "duration": operation.duration_s,
        "startSchedule": asked.time(start_ms) if operation.kind != "Relative" else None,
        "chargingRateUnit": operation.unit,
        "chargingSchedulePeriod": periods(operation.periods),
    }


def common(operation: SetProfile, asked: Ask, purposes: dict[str, str]) -> dict[str, Any]:
    """What a profile has in all versions."""
    return {
        "stackLevel": operation.stack_level,
        "chargingProfilePurpose": purpose(purposes, operation.purpose),
        "chargingProfileKind": operation.kind,
        "recurrencyKind": operation.recurrency,
        "validFrom": asked.time(operation.valid_from_ms),
        "validTo": asked.time(operation.valid_to_ms),
    }


def profile_16(operation: SetProfile, asked: Ask) -> dict[str, Any]:
    """`csChargingProfiles` of 1.6."""
    return {
        "chargingProfileId": operation.profile,
        "transactionId": transaction_16(operation.transaction) if operation.transaction else None,
        **common(operation, asked, PURPOSE_16),
        "chargingSchedule": schedule(operation, asked),
    }


def profile_2x(operation: SetProfile, asked: Ask) -> dict[str, Any]:
    """`chargingProfile` of 2.x."""
    return {
        "id": operation.profile,
        **common(operation, asked, PURPOSE_2X),
        "chargingSchedule": [{"id": operation.profile, **schedule(operation, asked)}],
        "transactionId": operation.transaction,
    }


def start_limit(limit_w: int, asked: Ask, evse: int) -> SetProfile:
    """A profile that goes with a remote start: from its begin on, at most `limit_w`."""
    return SetProfile(asked.request, "Tx", evse, "W", (ProfilePeriod(0, float(limit_w)),), kind="Relative")


def transaction_16(transaction: str) -> int:
    """1.6 numbers its transactions.

    Raises:
        CannotDo: it is no number.
    """
    try:
        return int(transaction)
    except ValueError:
        raise CannotDo(
            f"OCPP 1.6 numbers its transactions, and {transaction!r} is no number; "
            "take the one of the session."
        ) from None
