"""Knows how each kind of fault shows itself: one file a rule."""

from app.faults.codes import Codes
from app.faults.limits import Limits
from app.faults.rule import Rule
from app.faults.rules.clock_drift import ClockDrift
from app.faults.rules.connector_fault import ConnectorFault
from app.faults.rules.flapping_link import FlappingLink
from app.faults.rules.monitor import Monitor
from app.faults.rules.no_boot import NoBoot
from app.faults.rules.offline import Offline
from app.faults.rules.reboots import Reboots
from app.faults.rules.security_event import SecurityEvent
from app.faults.rules.site_together import SiteTogether
from app.faults.rules.station_event import StationEvent


def all_rules(codes: Codes | None = None, limits: Limits | None = None) -> tuple[Rule, ...]:
    """Every rule, fresh, in the order in which they hear a record.

    Args:
        codes: the vocabulary, shared by all; the shipped one where None.
        limits: thresholds; the shipped ones where None.
    """
    codes, limits = codes or Codes(), limits or Limits()
    return (
        SiteTogether(limits),
        Offline(),
        FlappingLink(limits),
        NoBoot(limits),
        Reboots(limits),
        ClockDrift(limits),
        StationEvent(codes),
        ConnectorFault(codes, limits),
        Monitor(limits),
        SecurityEvent(codes),
    )
