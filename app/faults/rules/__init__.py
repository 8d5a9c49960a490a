"""Knows how each kind of fault shows itself: one file a rule."""

from zoneinfo import ZoneInfo

from app.faults.codes import Codes
from app.faults.limits import Limits
from app.faults.money import Pricer
from app.faults.rule import Rule
from app.faults.rules.clock_drift import ClockDrift
from app.faults.rules.connector_fault import ConnectorFault
from app.faults.rules.energy_without_session import EnergyWithoutSession
from app.faults.rules.firmware_regression import FirmwareRegression
from app.faults.rules.flapping_link import FlappingLink
from app.faults.rules.meter_backwards import MeterBackwards
from app.faults.rules.meter_frozen import MeterFrozen
from app.faults.rules.monitor import Monitor
from app.faults.rules.no_boot import NoBoot
from app.faults.rules.offline import Offline
from app.faults.rules.phase_missing import PhaseMissing
from app.faults.rules.power_limited import PowerLimited
from app.faults.rules.reboots import Reboots
from app.faults.rules.refused_starts import RefusedStarts
from app.faults.rules.security_event import SecurityEvent
from app.faults.rules.session_without_energy import SessionWithoutEnergy
from app.faults.rules.short_sessions import ShortSessions
from app.faults.rules.silence import Silence
from app.faults.rules.site_together import SiteTogether
from app.faults.rules.starts_without_energy import StartsWithoutEnergy
from app.faults.rules.station_event import StationEvent
from app.faults.rules.stuck_cable import StuckCable
from app.faults.rules.stuck_state import StuckState
from app.faults.rules.temperature import Temperature
from app.faults.rules.zero_power_plug import ZeroPowerPlug


def all_rules(
    codes: Codes | None = None, limits: Limits | None = None, pricer: Pricer | None = None
) -> tuple[Rule, ...]:
    """Every rule, fresh, in the order in which they hear a record.

    Args:
        codes: the vocabulary, shared by all; the shipped one where None.
        limits: thresholds; the shipped ones where None.
        pricer: who learns demand and prices faults; it hears every record first. Where None, demand is
            learnt all the same, in UTC.
    """
    codes, limits = codes or Codes(), limits or Limits()
    pricer = pricer or Pricer(ZoneInfo("UTC"), limits)
    return (
        pricer,
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
        Silence(pricer.demand, limits),
        StartsWithoutEnergy(limits),
        ShortSessions(limits),
        RefusedStarts(limits),
        ZeroPowerPlug(limits),
        StuckState(limits),
        StuckCable(),
        SessionWithoutEnergy(limits),
        EnergyWithoutSession(limits),
        MeterFrozen(limits),
        MeterBackwards(),
        PowerLimited(limits),
        PhaseMissing(limits),
        Temperature(limits),
        FirmwareRegression(limits),
    )
