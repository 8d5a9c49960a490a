"""What an operator may mean for the device itself: firmware, logs, its display, what it knows of people.

A part of `operations`, which names all of them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UpdateFirmware:
    """Have the station fetch and install firmware from `url`. Signed where a certificate is given."""

    url: str
    version: str = ""
    retrieve_ms: int | None = None
    install_ms: int | None = None
    retries: int | None = None
    retry_interval_s: int | None = None
    signing_certificate: str = ""
    signature: str = ""
    request: int = 0


@dataclass(frozen=True, slots=True)
class FetchLog:
    """Have the station upload a log. `kind` is Diagnostics or Security; "" url: our own one-time address."""

    kind: str = "Diagnostics"
    url: str = ""
    from_ms: int | None = None
    to_ms: int | None = None
    retries: int | None = None
    request: int = 0


@dataclass(frozen=True, slots=True)
class TransferData:
    """A vendor's own message."""

    vendor: str
    message: str = ""
    data: str = ""


@dataclass(frozen=True, slots=True)
class ShowMessage:
    """Show a text on the station's display (2.x)."""

    message: int
    text: str
    priority: str = "NormalCycle"
    state: str = ""
    start_ms: int | None = None
    end_ms: int | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class ClearMessage:
    """Take a text off the display (2.x)."""

    message: int


@dataclass(frozen=True, slots=True)
class ReadMessages:
    """Ask which texts the station holds for its display (2.x). They come in parts."""

    messages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AskCustomerInformation:
    """Ask what the station holds about a customer, or have it cleared (2.x)."""

    report: bool
    clear: bool
    token: str = ""
    token_kind: str = "ISO14443"
    customer: str = ""
    request: int = 0


@dataclass(frozen=True, slots=True)
class TellCost:
    """Tell the driver what a running session costs (2.x); major units."""

    transaction: str
    total: float


@dataclass(frozen=True, slots=True)
class SetStream:
    """Adjust a periodic event stream, or close it by clearing its monitor (2.1).

    A stream is opened by `SetMonitors`, because only the station may open one.
    """

    stream: int
    monitor: int
    open: bool = True
    values: int | None = None
    interval_s: int | None = None


@dataclass(frozen=True, slots=True)
class ReadStreams:
    """Ask which periodic event streams are open (2.1)."""
