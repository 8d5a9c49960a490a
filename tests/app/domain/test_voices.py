"""Complaints, reviews and credits out of a file."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.errors import ForecourtError
from app.domain.voices import voices_from_csv

SITES = {"AMS-01": "Amsterdam", "ROT-01": "Rotterdam"}
ZONE = ZoneInfo("Europe/Amsterdam")
HEAD = "date,type,site,station,text,amount,currency\n"


def read(text: str):
    return voices_from_csv(HEAD + text, SITES, ZONE, "EUR")


def test_complaints_and_reviews_have_no_money_and_credits_have():
    found = read(
        "2026-03-29,complaint,,AMS-01,would not start,,\n"
        "2026-03-30T14:05+02:00,Review,Rotterdam,,two stars,99,\n"
        "2026-03-31,credit,,AMS-01,goodwill,12.50,\n"
    )
    assert [one.kind for one in found] == ["complaint", "complaint", "credit"]
    told, review, paid = [one.body for one in found]
    assert (told["type"], told["site"], told["station"]) == ("complaint", "Amsterdam", "AMS-01")
    assert told["at_ms"] == datetime(2026, 3, 29, 10, tzinfo=UTC).timestamp() * 1000
    assert (review["type"], review["site"], "amount" in review) == ("review", "Rotterdam", False)
    assert (paid["amount"], paid["currency"]) == ("12.50", "EUR")


def test_a_file_read_again_adds_nothing_and_two_like_lines_are_two():
    text = "2026-03-29,complaint,Amsterdam,,dark,,\n" * 2
    first, second = read(text)
    assert first.entry != second.entry
    assert [one.entry for one in read(text)] == [first.entry, second.entry]


def test_semicolons_and_empty_lines():
    text = "date;type;amount;currency\n2026-03-29;credit;5,00;chf\n;;;\n"
    (paid,) = voices_from_csv(text, SITES, ZONE, "EUR")
    assert (paid.body["amount"], paid.body["currency"]) == ("5.00", "CHF")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("29 March,complaint,,,,,", "Line 2: '29 March' is no date"),
        ("2026-03-29,praise,,,,,", "Line 2: 'praise' is no type"),
        ("2026-03-29,complaint,,XYZ-9,,,", "Line 2: there is no station XYZ-9"),
        ("2026-03-29,complaint,Paris,,,,", "Line 2: there is no site Paris"),
        ("2026-03-29,credit,,,,,EUR", "Line 2: a credit needs its amount"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(line, says):
    with pytest.raises(ForecourtError, match=says):
        read(line + "\n")


def test_a_file_of_something_else_is_refused():
    with pytest.raises(ForecourtError, match="needs the columns date, type"):
        voices_from_csv("a,b\n1,2\n", SITES, ZONE, "EUR")
    with pytest.raises(ForecourtError, match="holds no complaint"):
        read("")
