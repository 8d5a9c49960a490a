"""What an operator means as messages of a station's version, and its answers in plain words.

for command in orders("2.0.1", Reset(hard=True), request=41):
    answer = ...
    verdict = read_answer("2.0.1", Reset(hard=True), command.action, answer)
"""

from collections.abc import Callable, Mapping

from app.domain.operations import KINDS, Operation
from app.protocol.commands import Command
from app.protocol.orders import v2x, v2x_device, v16
from app.protocol.orders.answers import read_answer, read_error
from app.protocol.orders.ask import CannotDo, ask
from app.protocol.orders.reports import Joined, joined
from app.protocol.orders.verdict import Verdict

__all__ = [
    "CannotDo",
    "Joined",
    "Verdict",
    "cannot",
    "joined",
    "orders",
    "read_answer",
    "read_error",
]

_ORDERS: Mapping[str, Mapping[type, Callable[..., tuple[Command, ...]]]] = {
    "1.6": v16.ORDERS,
    "2.0.1": {
        kind: how for kind, how in {**v2x.ORDERS, **v2x_device.ORDERS}.items() if kind not in v2x.CANNOT_201
    },
    "2.1": {**v2x.ORDERS, **v2x_device.ORDERS},
}
_CANNOT: Mapping[str, Mapping[type, str]] = {"1.6": v16.CANNOT, "2.0.1": v2x.CANNOT_201, "2.1": {}}


def orders(
    version: str,
    operation: Operation,
    *,
    request: int = 1,
    now_ms: int | None = None,
    most: int | None = None,
) -> tuple[Command, ...]:
    """The messages that do it, in the order to send them; each is valid by its schema.

    Args:
        version: "1.6", "2.0.1" or "2.1".
        operation: what is meant. Times in it that are past stay so; `SetAvailability.at_ms` is when
            Forecourt sends, and is not told to the station.
        request: number that joins reports, logs, updates and remote starts to this asking; the
            command's number does. An operation's own `request` goes before it.
        now_ms: what "now" is, ms UTC; None: this machine's clock.
        most: items the station takes in one message (GetConfigurationMaxKeys,
            ItemsPerMessage, SendLocalListMaxLength); None: not told, so 12.

    Raises:
        CannotDo: the version has no way; the sentence names what to use instead.
        CommandRefused: a value that the version does not allow.
    """
    how = _ORDERS[version].get(type(operation))
    if how is None:
        raise CannotDo(_CANNOT[version][type(operation)])
    return how(operation, ask(version, request, now_ms, most))


def cannot(version: str, kind: str) -> str:
    """Why stations of `version` can never do operations of `kind` (its class's name); "" if they can."""
    found = KINDS.get(kind)
    return _CANNOT[version].get(found, "") if found is not None else ""
