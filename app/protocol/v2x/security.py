"""SecurityEventNotification (OCPP 2.1 part 2, A04): the same in all versions."""

from collections.abc import Mapping

from app.protocol.reception import Route
from app.protocol.v16.security import security_event

ROUTES: Mapping[str, Route] = {"SecurityEventNotification": security_event}
