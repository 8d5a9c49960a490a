"""What all versions say in the same way, whatever they call it: one piece serves 1.6 and 2.x."""

from collections.abc import Callable, Mapping
from typing import Any

from app.domain import operations as op
from app.protocol.commands import Command, command
from app.protocol.orders.ask import Ask, first_version

Orders = tuple[Command, ...]


def _clear_cache(wish: op.ClearCache, ask: Ask) -> Orders:
    return (ask.order("ClearCache", {}),)


def _list_version(wish: op.ReadLocalListVersion, ask: Ask) -> Orders:
    return (ask.order("GetLocalListVersion", {}),)


def _cancel(wish: op.CancelReservation, ask: Ask) -> Orders:
    return (ask.order("CancelReservation", {"reservationId": wish.reservation}),)


def _transfer(wish: op.TransferData, ask: Ask) -> Orders:
    payload = {"vendorId": wish.vendor, "messageId": wish.message, "data": wish.data}
    return (ask.order("DataTransfer", payload),)


def _by_hand(wish: op.Message, ask: Ask) -> Orders:
    return (command(ask.version, wish.action, dict(wish.payload)),)


ALIKE: Mapping[type, Callable[[Any, Ask], Orders]] = {
    op.ClearCache: _clear_cache,
    op.ReadLocalListVersion: _list_version,
    op.CancelReservation: _cancel,
    op.TransferData: _transfer,
    op.Message: _by_hand,
}
"""What is the same message in each version."""


def send_list(
    wish: op.SendLocalList, ask: Ask, version_field: str, row: Callable[[op.ListedToken, Ask], dict[str, Any]]
) -> Orders:
    """A local list in as many messages as it takes.

    Args:
        wish: the list.
        ask: whom it is for.
        version_field: what the version calls the number of the list.
        row: writes one token.

    Raises:
        CannotDo: the list's version is none, or a token does not fit.
    """
    # One Full, then differences; each raises the version by one, or it would be a mismatch (Q70).
    portions = list(ask.batches(wish.tokens)) or [()]
    first = first_version(wish, len(portions))
    return tuple(
        ask.order(
            "SendLocalList",
            {
                version_field: first + number,
                "updateType": "Full" if wish.full and number == 0 else "Differential",
                "localAuthorizationList": [row(token, ask) for token in some],
            },
        )
        for number, some in enumerate(portions)
    )


def fetch_log(wish: op.FetchLog, ask: Ask, kind: str) -> Orders:
    """GetLog, which 1.6 has from its security extension. `kind` is the version's word for the log."""
    log = {
        "remoteLocation": wish.url,
        "oldestTimestamp": ask.time(wish.from_ms),
        "latestTimestamp": ask.time(wish.to_ms),
    }
    payload = {
        "log": log,
        "logType": kind,
        "requestId": ask.number(wish.request),
        "retries": wish.retries,
    }
    return (ask.order("GetLog", payload),)


def fetched_from(wish: op.UpdateFirmware, ask: Ask) -> str | None:
    """When firmware is to be fetched: at once, where no time is named."""
    return ask.time(ask.now_ms if wish.retrieve_ms is None else wish.retrieve_ms)


def update_firmware(wish: op.UpdateFirmware, ask: Ask, action: str) -> Orders:
    """2.x's UpdateFirmware, which 1.6's security extension calls SignedUpdateFirmware."""
    firmware = {
        "location": wish.url,
        "retrieveDateTime": fetched_from(wish, ask),
        "installDateTime": ask.time(wish.install_ms),
        "signingCertificate": wish.signing_certificate,
        "signature": wish.signature,
    }
    payload = {
        "requestId": ask.number(wish.request),
        "firmware": firmware,
        "retries": wish.retries,
        "retryInterval": wish.retry_interval_s,
    }
    return (ask.order(action, payload),)
