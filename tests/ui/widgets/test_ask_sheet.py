"""Fields of a sheet: what is typed is checked by what will read it."""

import pytest

from app.domain.prices import amount
from ui.widgets.ask_sheet import read_by

UNREAD = "'much' is no amount; write it as 0.49."


@pytest.mark.parametrize(
    ("empty", "said"), [(None, "'' is no amount; write it as 0.49."), ("", ""), ("Needed.", "Needed.")]
)
def test_a_field_says_why_its_text_cannot_be_read(empty: str | None, said: str) -> None:
    """An empty one is a matter of the field, where it says so."""
    check = read_by(amount, empty=empty)
    assert (check("0,49"), check("much"), check("")) == ("", UNREAD, said)
