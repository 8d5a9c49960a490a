"""What the server allows, with the defaults of the security reference (section 3) and CONTRACTS 8."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the door and of every link. Seconds, bytes and counts.

    What happens at a limit is counted under the field's name in `Server.limits_hit`.
    """

    accept_per_s: int = 500
    """New sockets a second; beyond it the kernel's queue holds them."""
    backlog: int = 1024
    sockets: int = 12_000
    """All sockets; lowered to what the descriptors of the process allow, less `spare_descriptors`."""
    spare_descriptors: int = 512
    handshake_s: float = 10
    """From the accept to the end of the upgrade, TLS included."""
    headers: int = 32
    unauthenticated: int = 256
    unauthenticated_per_ip: int = 16
    """Not on loopback: there every station of a demo or a proxy has the same address."""
    links_per_ip: int = 500
    """Admitted links of one address, not on loopback."""
    logins_per_minute: int = 5
    """Failed logins per address and identity; a stranger cannot lock a station out (T3)."""
    logins_per_minute_per_ip: int = 60
    message_bytes: int = 1 << 20
    """Larger messages close the link with 1009."""
    fragments: int = 1024
    """Fragments of one message."""
    control_per_s: int = 20
    """Pings and pongs a second, over a burst of ten seconds; beyond it the link closes (1008)."""
    in_flight: int = 32
    """CALLs of one station that wait for their answer; then its socket is not read."""
    write_bytes: int = 32 << 10
    send_s: float = 10
    """How long a station may leave what we send unread before the link is closed (4002)."""
    close_s: float = 5
    """How long the closing handshake may take."""
    calls_waiting: int = 50
    ping_s: float = 60
    silence_s: float = 180
    """Without any frame or pong for this long (or three heartbeats) the link is closed."""
    swaps: int = 3
    """Newer sockets of one identity within `swaps_window_s` before it is doubtful (decision 6)."""
    swaps_window_s: float = 600
