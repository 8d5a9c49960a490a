"""Speaks OCPP-J 1.6, 2.0.1 and 2.1 with stations: sockets, frames, schemas, calls. Knows no store."""
