"""Values mean the same or not, whatever their spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import ForecourtError
from app.operations.configuration.values import Kind, as_text, check, equal, short


@pytest.mark.parametrize(
    ("kind", "wanted", "found", "same"),
    [
        ("integer", "300", " 300 ", True),
        ("integer", "300", "300.0", True),
        ("integer", "300", "60", False),
        ("integer", "300", "many", False),
        ("integer", "0", "NaN", False),
        ("boolean", "true", "True", True),
        ("boolean", "true", "1", True),
        ("boolean", "true", "false", False),
        ("boolean", "true", "maybe", False),
        ("list", "A,B", "b, a", True),
        ("list", "A,B", "A", False),
        ("text", "Hello", " Hello", True),
        ("text", "Hello", "hello", False),
        ("number", "0.5", "0.50", True),
    ],
)
def test_what_is_equal(kind: Kind, wanted: str, found: str, same: bool) -> None:
    assert equal(kind, wanted, found) is same


@given(st.sampled_from(["integer", "number", "list", "text"]), st.text(max_size=20))
def test_comparing_never_fails_and_takes_no_side(kind: Kind, text: str) -> None:
    assert equal(kind, text, text) in (True, False)
    assert equal(kind, text, "300") == equal(kind, "300", text)


@given(st.integers() | st.booleans() | st.lists(st.sampled_from(["A", "B", "C"]), min_size=1, unique=True))
def test_a_value_of_a_template_equals_its_own_text(value: object) -> None:
    kind: Kind = "boolean" if isinstance(value, bool) else "integer" if isinstance(value, int) else "list"
    assert equal(kind, as_text(value), as_text(value))


def test_a_list_is_shown_by_how_much_of_it_there_is() -> None:
    assert short("list", "A,B,C", "c,a,x") == "2 of 3"
    assert short("integer", "300", "60") == "60"


@pytest.mark.parametrize(
    ("kind", "text"), [("integer", "1.5"), ("integer", "x"), ("boolean", "2"), ("number", "x")]
)
def test_a_value_of_another_kind_is_refused(kind: Kind, text: str) -> None:
    with pytest.raises(ForecourtError, match="Key takes"):
        check(kind, text, "Key")
