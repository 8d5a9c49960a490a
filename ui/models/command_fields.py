"""What a command asks for before it is sent: lines to fill in, checked while typing. No Qt."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.errors import ForecourtError
from app.fleet.views import StationView
from ui.models.words import within

Check = Callable[[str], str]
"""A text → "" if it will do, else one sentence that says what is wrong."""
Values = Mapping[str, str]

MINUTE_MS = 60_000
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to fill in. `kind` is text, choice, area or file; `choices` are (key, words)."""

    key: str
    label: str
    kind: str = "text"
    value: str = ""
    placeholder: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    check: Check = lambda _text: ""
    mono: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What a command may know while it is filled in: the station live, the time, what its sessions are
    called there (our number → its transaction), and the operator's zone."""

    view: StationView
    now_ms: int
    zone: ZoneInfo
    transactions: Mapping[int, str]


def needed(what: str) -> Check:
    """Anything but nothing."""
    return lambda text: "" if text.strip() else f"{what} is needed."


def at_most(length: int, what: str, *, need: bool = True) -> Check:
    """A text of at most `length` characters."""

    def check(text: str) -> str:
        if need and not text.strip():
            return f"{what} is needed."
        return "" if len(text) <= length else f"{what} has at most {length} characters."

    return check


def number_between(low: float, high: float, what: str, *, whole: bool = False, need: bool = True) -> Check:
    """A number in a range, written with a point or a comma."""

    def check(text: str) -> str:
        if not text.strip():
            return f"{what} is needed." if need else ""
        try:
            value = number_of(text)
        except ForecourtError as error:
            return str(error)
        if whole and value != int(value):
            return f"{what} is a whole number."
        return "" if low <= value <= high else f"{what} lies between {low:g} and {high:g}."

    return check


def number_of(text: str) -> float:
    """The number a text says.

    Raises:
        ForecourtError: it says none.
    """
    try:
        value = float(text.strip().replace(",", ".").replace("−", "-"))
    except ValueError:
        raise ForecourtError(f"{text.strip() or 'Nothing'} is not a number.") from None
    if value != value or value in (float("inf"), float("-inf")):
        raise ForecourtError(f"{text.strip()} is not a number.")
    return value


def moment_of(text: str, now_ms: int, zone: ZoneInfo) -> int | None:
    """When a text means, ms UTC; "" is None. Takes "14:30" (the next one), "2026-10-15 14:30", "+45 min".

    Raises:
        ForecourtError: it cannot be read, or lies in the past.
    """
    said = text.strip()
    if not said:
        return None
    if said.startswith("+"):
        return now_ms + round(_span(said[1:]) * MINUTE_MS)
    now = datetime.fromtimestamp(now_ms / 1000, zone)
    try:
        if "-" in said:
            at = datetime.fromisoformat(said.replace(" ", "T"))
            at = at if at.tzinfo is not None else at.replace(tzinfo=zone)
        else:
            hour, _, minute = said.partition(":")
            at = now.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
            if at <= now:
                at += timedelta(days=1)
    except ValueError:
        raise ForecourtError(f"{said} is no time. Write 14:30, 2026-10-15 14:30 or +45 min.") from None
    moment = round(at.timestamp() * 1000)
    if moment <= now_ms:
        raise ForecourtError(f"{said} lies in the past.")
    return moment


def _span(text: str) -> float:
    """Minutes of "45 min", "2 h" or "45"."""
    word = text.strip().lower()
    for unit, minutes in (("min", 1), ("h", 60), ("d", 1440), ("m", 1)):
        if word.endswith(unit):
            return number_of(word[: -len(unit)]) * minutes
    return number_of(word)


def moment_check(facts: Facts, *, need: bool = False, what: str = "A time") -> Check:
    """A moment that can be read."""

    def check(text: str) -> str:
        if need and not text.strip():
            return f"{what} is needed."
        try:
            moment_of(text, facts.now_ms, facts.zone)
        except ForecourtError as error:
            return str(error)
        return ""

    return check


def text_of(key: str, label: str, most: int, *, value: str = "", placeholder: str = "", need: bool = True,
            mono: bool = False, what: str = "") -> Ask:  # fmt: skip
    """A line of text of at most `most` characters."""
    name = what or f"The {within(label)}"
    return Ask(key, label, "text", value, placeholder, (), at_most(most, name, need=need), mono)


def choice(key: str, label: str, choices: Sequence[tuple[str, str]], value: str = "") -> Ask:
    """One of a few."""
    made = tuple(choices)
    return Ask(key, label, "choice", value or (made[0][0] if made else ""), choices=made)


def moment(facts: Facts, key: str, label: str, value: str = "", *, need: bool = False) -> Ask:
    """A time, "" for at once where that is allowed."""
    hint = "14:30, 2026-10-15 14:30 or +45 min" if need else "Now; or 14:30, 2026-10-15 14:30, +45 min"
    return Ask(key, label, "text", value, hint, (), moment_check(facts, need=need, what=label))


def evse_choice(facts: Facts, *, whole: str = "", label: str = "Connector", value: str = "") -> Ask:
    """A connector by its number; `whole` are the words for the whole station, "" where it is not offered."""
    numbers = sorted({plug.evse for plug in facts.view.connectors if plug.evse})
    kinds = {plug.evse: plug.kind for plug in facts.view.connectors}
    offered = [("", whole)] if whole else []
    offered += [(str(n), f"{n}, {kinds[n]}" if kinds.get(n) else str(n)) for n in numbers]
    if not numbers:
        return Ask(
            "evse", label, "text", value or "1", "1",
            check=number_between(0 if whole else 1, 999, "The connector", whole=True),
        )  # fmt: skip
    return choice("evse", label, offered, value)


def evse_of(values: Values) -> int | None:
    """The connector that was chosen; None for the whole station."""
    text = values.get("evse", "").strip()
    return int(number_of(text)) if text and text != "0" else None


def faults_of(asks: Sequence[Ask], values: Values) -> dict[str, str]:
    """What is wrong with what was filled in, by key; empty where all will do."""
    found = {ask.key: ask.check(values.get(ask.key, "")) for ask in asks}
    return {key: sentence for key, sentence in found.items() if sentence}
