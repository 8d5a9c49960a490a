"""What a station says loses its secrets before it is decided, kept or shown (T17)."""

from app.domain.fact import changed
from app.domain.redaction import may_hold_secret, redact, redacted
from app.protocol.core import Inbound


def sealed(inbound: Inbound) -> Inbound:
    """The message with secrets hidden; nearly always the very same."""
    if not may_hold_secret(inbound.text):
        return inbound
    return changed(inbound, payload=redact(inbound.payload), text=redacted(inbound.text))
