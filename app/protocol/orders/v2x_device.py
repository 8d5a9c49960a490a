"""OCPP 2.0.1 and 2.1: the device's side (variables, monitors, firmware, logs, display, customers)."""

from collections.abc import Callable, Mapping
from typing import Any

from app.domain import operations as op
from app.protocol.commands import command
from app.protocol.orders.alike import Orders, fetch_log, update_firmware
from app.protocol.orders.ask import Ask, CannotDo, lean
from app.protocol.orders.v2x import place, token


def component(variable: op.Variable) -> dict[str, Any]:
    """A `component`.

    Raises:
        CannotDo: none is named.
    """
    if not variable.component:
        raise CannotDo(
            f"OCPP 2.x keeps {variable.name} in a component; name both, like OCPPCommCtrlr.HeartbeatInterval."
        )
    return {
        "name": variable.component,
        "instance": variable.component_instance,
        "evse": place(variable.evse, variable.connector),
    }


def about(variable: op.Variable) -> dict[str, Any]:
    """A `component` and its `variable`."""
    name = {"name": variable.name, "instance": variable.instance}
    return {"component": component(variable), "variable": name}


def _attribute(variable: op.Variable) -> dict[str, Any]:
    # Actual is the default; not to name it suits weak stations (B06).
    kind = None if variable.attribute == "Actual" else variable.attribute
    return {**about(variable), "attributeType": kind}


def _read(wish: op.ReadConfiguration, ask: Ask) -> Orders:
    if not wish.variables:
        payload = {"requestId": ask.request, "reportBase": "FullInventory"}
        return (ask.order("GetBaseReport", payload),)
    return tuple(
        ask.order("GetVariables", {"getVariableData": [_attribute(variable) for variable in some]})
        for some in ask.batches(wish.variables)
    )


def _write(wish: op.WriteConfiguration, ask: Ask) -> Orders:
    # Not by `order`: an empty text is a value here, and no absent field.
    items = [{**lean(_attribute(variable)), "attributeValue": value} for variable, value in wish.values]
    return tuple(
        command(ask.version, "SetVariables", {"setVariableData": list(some)}) for some in ask.batches(items)
    )


_KINDS = {
    "2.0.1": ("UpperThreshold", "LowerThreshold", "Delta", "Periodic", "PeriodicClockAligned"),
    "2.1": (
        "UpperThreshold", "LowerThreshold", "Delta", "Periodic", "PeriodicClockAligned", "TargetDelta",
        "TargetDeltaRelative",
    ),
}  # fmt: skip


def _set_monitors(wish: op.SetMonitors, ask: Ask) -> Orders:
    stream = lean_stream(wish.stream_interval_s, wish.stream_values)
    if stream and ask.version == "2.0.1":
        raise CannotDo("OCPP 2.0.1 has no event streams; set a periodic monitor without one instead.")
    for _, kind, _, severity in wish.monitors:
        if kind not in _KINDS[ask.version]:
            raise CannotDo(
                f"OCPP {ask.version} has no monitor called {kind!r}; use {', '.join(_KINDS[ask.version])}."
            )
        if not 0 <= severity <= 9:
            raise CannotDo(f"A severity goes from 0 (danger) to 9 (debug), and {severity} is neither.")
    items = [
        {**about(variable), "type": kind, "value": value, "severity": severity, "periodicEventStream": stream}
        for variable, kind, value, severity in wish.monitors
    ]
    return tuple(
        ask.order("SetVariableMonitoring", {"setMonitoringData": list(some)}) for some in ask.batches(items)
    )


def lean_stream(interval_s: int | None, values: int | None) -> dict[str, int] | None:
    """The parameters of a stream, None for none."""
    given = {"interval": interval_s, "values": values}
    return {key: value for key, value in given.items() if value is not None} or None


def _clear_monitors(wish: op.ClearMonitors, ask: Ask) -> Orders:
    if not wish.ids:
        raise CannotDo("Name at least one monitor to clear.")
    return tuple(ask.order("ClearVariableMonitoring", {"id": list(some)}) for some in ask.batches(wish.ids))


def _read_monitors(wish: op.ReadMonitors, ask: Ask) -> Orders:
    named = [about(variable) for variable in wish.variables]
    return (ask.order("GetMonitoringReport", {"requestId": ask.request, "componentVariable": named}),)


def _firmware(wish: op.UpdateFirmware, ask: Ask) -> Orders:
    if bool(wish.signing_certificate) != bool(wish.signature):
        raise CannotDo("Signed firmware needs both a signing certificate and a signature.")
    return update_firmware(wish, ask, "UpdateFirmware")


_LOGS = {"Diagnostics": "DiagnosticsLog", "Security": "SecurityLog", "DataCollector": "DataCollectorLog"}


def _log(wish: op.FetchLog, ask: Ask) -> Orders:
    kind = _LOGS.get(wish.kind, wish.kind)
    allowed = tuple(_LOGS)[: 3 if ask.version == "2.1" else 2]
    if kind not in {_LOGS[name] for name in allowed}:
        raise CannotDo(f"OCPP {ask.version} has no log called {wish.kind!r}; ask for {' or '.join(allowed)}.")
    return fetch_log(wish, ask, kind)


def _show(wish: op.ShowMessage, ask: Ask) -> Orders:
    message = {
        "id": wish.message,
        "priority": wish.priority,
        "state": wish.state,
        "startDateTime": ask.time(wish.start_ms),
        "endDateTime": ask.time(wish.end_ms),
        "message": {"format": "UTF8", "content": wish.text, "language": wish.language},
    }
    return (ask.order("SetDisplayMessage", {"message": message}),)


def _unshow(wish: op.ClearMessage, ask: Ask) -> Orders:
    return (ask.order("ClearDisplayMessage", {"id": wish.message}),)


def _read_messages(wish: op.ReadMessages, ask: Ask) -> Orders:
    payload = {"requestId": ask.request, "id": list(wish.messages)}
    return (ask.order("GetDisplayMessages", payload),)


def _customer(wish: op.AskCustomerInformation, ask: Ask) -> Orders:
    if bool(wish.token) == bool(wish.customer):
        raise CannotDo("Name the customer by exactly one: a token, or the customer's identifier.")
    if not (wish.report or wish.clear):
        raise CannotDo("Say whether the station is to report what it holds, to clear it, or both.")
    payload = {
        "requestId": ask.number(wish.request),
        "report": wish.report,
        "clear": wish.clear,
        "idToken": token(ask, wish.token, wish.token_kind) if wish.token else None,
        "customerIdentifier": wish.customer,
    }
    return (ask.order("CustomerInformation", payload),)


def _stream(wish: op.SetStream, ask: Ask) -> Orders:
    if not wish.open:
        # Only the station closes a stream; it does so when its monitor is gone (N10, N11).
        return (ask.order("ClearVariableMonitoring", {"id": [wish.monitor]}),)
    params = lean_stream(wish.interval_s, wish.values)
    if params is None:
        raise CannotDo("Say how often the stream comes, by seconds, by number of values, or both.")
    return (command(ask.version, "AdjustPeriodicEventStream", {"id": wish.stream, "params": params}),)


def _read_streams(wish: op.ReadStreams, ask: Ask) -> Orders:
    return (ask.order("GetPeriodicEventStream", {}),)


ORDERS: Mapping[type, Callable[[Any, Ask], Orders]] = {
    op.ReadConfiguration: _read,
    op.WriteConfiguration: _write,
    op.SetMonitors: _set_monitors,
    op.ClearMonitors: _clear_monitors,
    op.ReadMonitors: _read_monitors,
    op.UpdateFirmware: _firmware,
    op.FetchLog: _log,
    op.ShowMessage: _show,
    op.ClearMessage: _unshow,
    op.ReadMessages: _read_messages,
    op.AskCustomerInformation: _customer,
    op.SetStream: _stream,
    op.ReadStreams: _read_streams,
}
"""How the device's side is done in 2.x."""
