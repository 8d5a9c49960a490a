"""DataTransfer (OCPP 2.1 part 2, block P): as in 1.6, only that its data may be any JSON."""

from app.protocol.v16.data_transfer import ROUTES

__all__ = ["ROUTES"]
