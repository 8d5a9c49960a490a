"""One charger that has called within the last hour, as the board gets it."""

from dataclasses import dataclass

HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Contact:
    """All contacts of one charger in the last hour; a charger is its identity, else its address.

    Attributes:
        identity: what it calls itself, "" where it did not say.
        station: the registered station it was let in as, "" while it was not.
        cause: why it was turned away last; "" once it is let in.
        tries: contacts, refused and let in.
        refused: of them turned away.
        sample: the first bytes, escaped, where the request could not be read (Q07).
        sends_password: whether it showed one that is still remembered.
        solved_ms: when it was let in after it had been turned away.
    """

    identity: str
    peer: str
    station: str = ""
    cause: str = ""
    remedy: str = ""
    quirk: str = ""
    path: str = ""
    offered: tuple[str, ...] = ()
    version: str = ""
    tls: bool = False
    port: int = 0
    sample: str = ""
    tries: int = 0
    refused: int = 0
    first_ms: int = 0
    last_ms: int = 0
    solved_ms: int | None = None
    sends_password: bool = False

    @property
    def key(self) -> str:
        """What it is found by."""
        return key_of(self.identity, self.peer)


def key_of(identity: str, peer: str) -> str:
    """A charger's key: its identity, or its address where it names none."""
    return f"id {identity}" if identity else f"at {peer}"
