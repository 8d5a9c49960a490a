"""Each currency has its own smallest unit, the same wherever money is written."""

from decimal import Decimal

import pytest

from app.analytics.costs.ledger import rounded
from app.domain.ids import StationId
from app.domain.money import currency_complaint, major, places
from app.domain.records import FaultRecord
from app.faults.views import FaultView, Money
from app.notify.outbox import line_of
from app.notify.post import told_of

OPEN = FaultRecord(1, "offline", "", "Offline", StationId("S1"), priority="P2")


@pytest.mark.parametrize(
    ("currency", "minor", "worth"),
    [
        ("EUR", 1420, "14.20"),
        ("JPY", 1200, "1200"),
        ("CLP", 990, "990"),
        ("KWD", 1001, "1.001"),
        ("", 5, "0.05"),
    ],
)
def test_minor_units_are_worth_what_their_currency_says(currency: str, minor: int, worth: str) -> None:
    assert major(minor, currency) == Decimal(worth)
    assert rounded(Decimal(worth), currency) == Decimal(worth)


@pytest.mark.parametrize(("currency", "losing"), [("EUR", "€4.20"), ("JPY", "¥420"), ("OMR", "OMR 0.420")])
def test_a_notification_says_what_is_lost_in_the_currency_s_own_unit(currency: str, losing: str) -> None:
    view = FaultView(OPEN, money=Money(currency, losing=420))
    assert line_of(told_of(view)) == f"P2, losing {losing} an hour"
    assert places(currency) == len(losing.partition(".")[2])


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        (" eur ", ""),
        ("JPY", ""),
        ("KWD", ""),
        ("ERU", "There is no currency ERU; write its three letters, as EUR or GBP."),
        ("ÖRE", "There is no currency ÖRE; write its three letters, as EUR or GBP."),
        ("euro", "Write the currency as its three letters, as EUR or GBP."),
        ("", "Write the currency as its three letters, as EUR or GBP."),
    ],
)
def test_what_is_no_currency_is_told(typed: str, complaint: str) -> None:
    """A slip of the finger stood as "ERU 14.20" on every page."""
    assert currency_complaint(typed) == complaint
