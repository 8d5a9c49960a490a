"""Stars and question marks, as a shell has them, and never slow."""

import re

from hypothesis import given
from hypothesis import strategies as st

from app.operations.globs import holds_like, is_like


@given(st.text("ab*?.", max_size=7), st.text("abAB.\n", max_size=8))
def test_stars_and_question_marks_are_those_of_a_shell(value: str, found: str) -> None:
    wanted = "".join(".*" if c == "*" else "." if c == "?" else re.escape(c) for c in value)
    flags = re.IGNORECASE | re.DOTALL
    assert is_like(value, found) is (re.fullmatch(wanted, found, flags) is not None)
    assert holds_like(value, found) is (re.search(wanted, found, flags) is not None)


@given(st.text(max_size=12))
def test_a_text_is_like_itself_in_any_case(text: str) -> None:
    plain = text.replace("*", "").replace("?", "")
    assert is_like(plain, plain)
    assert holds_like(plain, f"x{plain}y")
    assert is_like(f"*{plain}*", plain)


def test_many_stars_on_a_long_message_take_no_time() -> None:
    long = "ab" * 200_000
    assert not holds_like("a*b*a*b*a*b*c", long)
    assert not is_like("a*b*a*b*a*b*c", long)
    assert is_like("a*b*a*b*a*b", long)
