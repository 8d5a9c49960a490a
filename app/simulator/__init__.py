"""Stations that speak real OCPP over real sockets, with real-world habits; the demo's fleet and past."""
