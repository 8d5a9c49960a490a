"""Whether a station can bring or fetch a file over HTTP at all, from what it says of itself."""

import re
from collections.abc import Iterable

from app.domain.records import VariableRecord

PROTOCOL_SETTINGS = ("FileTransferProtocols", "SupportedFileTransferProtocols")
_NAMES = tuple(name.lower() for name in PROTOCOL_SETTINGS)


def reachable_by(variables: Iterable[VariableRecord], *, tls: bool = False) -> str:
    """Why a station cannot use our addresses, in a sentence; "" where it can or does not say.

    Args:
        variables: its settings as read: 1.6 SupportedFileTransferProtocols (security white paper),
            2.x OCPPCommCtrlr.FileTransferProtocols.
        tls: whether the address would be https.
    """
    told = next((v.value for v in variables if v.name.lower() in _NAMES and v.value), None)
    if not told:
        return ""
    protocols = [word.upper() for word in re.split(r"[\s,;|]+", told) if word]
    if ("HTTPS" if tls else "HTTP") in protocols:
        return ""
    if not tls and "HTTPS" in protocols:
        return "It moves files over HTTPS only: set tls.cert and tls.key, and have it connect by wss://."
    if tls and "HTTP" in protocols:
        return "It moves files over plain HTTP only, but its link is encrypted: have it connect by ws://."
    return f"It moves files over {' and '.join(protocols)} only; give it an address of such a server by hand."
