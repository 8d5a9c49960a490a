"""Packed columns give back exactly what went in, whatever that was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.store.columns import pack_ints, pack_texts, unpack_ints, unpack_texts

numbers = st.integers(-(1 << 62) + 1, (1 << 62) - 1)
tokens = st.one_of(
    st.integers(-(10**20), 10**20).map(str),
    st.decimals(-(10**6), 10**6, places=2).map(str),
    st.datetimes().map(lambda at: at.isoformat(timespec="milliseconds") + "Z"),
    st.uuids().map(str),
    st.sampled_from(
        ["-0", "-0.0", "007", "1.", "1e5", "", "2026-02-31T00:00:00Z", "2026-01-05T24:00:60Z", "٣"]
    ),
    st.text(max_size=8),
)


@given(st.lists(numbers))
def test_numbers(values: list[int]) -> None:
    assert unpack_ints(pack_ints(values)) == values


def test_numbers_too_big_for_a_column_are_refused() -> None:
    with pytest.raises(OverflowError):
        pack_ints([1 << 62])


@given(st.lists(tokens, max_size=30))
def test_texts(values: list[str]) -> None:
    at = [1_767_225_600_000 + n for n in range(len(values))]
    assert unpack_texts(pack_texts(values, at), at) == values


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["7.40", "-7.41", "0.02"], "n"),
        (["27094898", "27094901"], "n"),
        (["2026-01-05T08:00:00.123Z", "2026-01-05T08:01:00.000Z"], "t"),
        (["2026-01-05T08:00:00Z", "2026-01-05T08:01:00Z"], "t"),
        (["6f1c8e0a-1c7b-4b7e-9a53-0c5f6a1f2b3c", "00000000-1c7b-4b7e-9a53-0c5f6a1f2b3d"], "u"),
        (["Wh", "Wh"], "="),
        (["7.4", "7.41"], "s"),
        (["7.4", "seven"], "s"),
    ],
)
def test_what_is_alike_is_known_as_what_it_is(values: list[str], kind: str) -> None:
    form = pack_texts(values, [1_767_600_000_000] * len(values))
    assert form[0] == kind
    assert unpack_texts(form, [1_767_600_000_000] * len(values)) == values
