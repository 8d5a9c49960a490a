"""The ways out: addresses of e-mail, chat and push services, kept apart from history as they are secrets.

`channels.json` in the data directory, readable by its owner alone: {"phone": "ntfys://…", …}.
The address forms are those of the apprise library, which sends.
"""

import json
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import ForecourtError

FILE = "channels.json"


@dataclass(frozen=True, slots=True)
class Health:
    """How a channel does: when it worked last, when it failed last and why."""

    worked_ms: int | None = None
    failed_ms: int | None = None
    cause: str = ""

    @property
    def broken(self) -> bool:
        """Whether the last try failed."""
        return self.failed_ms is not None and (self.worked_ms or 0) < self.failed_ms


def read(folder: Path) -> dict[str, str]:
    """The addresses by name.

    Raises:
        ForecourtError: the file cannot be read.
    """
    try:
        found = json.loads((folder / FILE).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ForecourtError(f"{FILE} cannot be read, so nobody can be told: {error}.") from error
    if not isinstance(found, dict):
        raise ForecourtError(f"{FILE} holds no addresses by name.")
    return {str(name): str(address) for name, address in found.items()}


def write(folder: Path, channels: Mapping[str, str]) -> None:
    """Keep the addresses, for the owner's eyes only; whole or not at all."""
    aside = folder / f"{FILE}.new"
    with os.fdopen(
        os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        json.dump(dict(sorted(channels.items())), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(folder / FILE)


def checked(address: str) -> str:
    """An address that can be sent to; the service's name.

    Raises:
        ForecourtError: nothing is known of such an address.
    """
    from apprise import Apprise

    made = Apprise.instantiate(address.strip(), suppress_exceptions=True)
    if made is None:
        raise ForecourtError(
            "This address is not understood; it begins as mailtos://, ntfys://, tgram:// or slack://."
        )
    return str(made.service_name or address.partition(":")[0])


def send(address: str, title: str, text: str, files: Sequence[Path] = ()) -> str:
    """Send it now, which may take seconds; why it failed, "" if it went. For a thread.

    Files go along where the service takes any (e-mail, most chats).
    """
    from apprise import Apprise
    from apprise.logger import LogCapture

    sender = Apprise()
    if not sender.add(address):
        return "the address is not understood"
    with LogCapture(level=logging.WARNING) as said:  # type: ignore[no-untyped-call]
        attached = [str(file) for file in files] or None
        if sender.notify(body=text or title, title=title, attach=attached):
            return ""
        lines = [line for line in said.getvalue().splitlines() if line.strip()]
    cause = lines[-1].split(" - ", 2)[-1] if lines else "the service did not take it"
    return cause.replace(address, "…")[:200]
