"""Knows how each kind of fault shows itself: one file a rule."""

from app.faults.codes import Codes
from app.faults.limits import Limits
from app.faults.rule import Rule
from app.faults.rules.connector_fault import ConnectorFault
from app.faults.rules.offline import Offline


def all_rules(codes: Codes | None = None, limits: Limits | None = None) -> tuple[Rule, ...]:
    """Every rule, fresh, in the order in which they hear a record.

    Args:
        codes: the vocabulary, shared by all; the shipped one where None.
        limits: thresholds; the shipped ones where None.
    """
    codes, limits = codes or Codes(), limits or Limits()
    return (Offline(), ConnectorFault(codes, limits))
