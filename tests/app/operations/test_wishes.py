"""Operations survive the command log, their secrets do not."""

import re
from typing import get_args

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain import operations as op
from app.domain.operations import KINDS, Operation
from app.domain.redaction import HIDDEN
from app.operations.wishes import kind_of, operation_of, text_of

_STRANGE = re.compile(r"\b(inf|nan)\b|\d{19}")
"""Numbers that no operation means."""


@given(st.sampled_from(get_args(Operation)).flatmap(lambda kind: st.builds(kind)))
def test_what_is_kept_is_what_was_meant(operation: Operation) -> None:
    """Every operation, read back, is the same."""
    assume(not _STRANGE.search(repr(operation)))
    text = text_of(operation)
    if HIDDEN not in text:
        assert operation_of(kind_of(operation), text, to_send=True) == operation


def test_every_operation_has_a_name() -> None:
    """All of the union, by its class."""
    assert set(KINDS.values()) == set(get_args(Operation))


@pytest.mark.parametrize(
    "operation",
    [
        op.WriteConfiguration(((op.Variable("AuthorizationKey"), "s3cret"),)),
        op.Message("ChangeConfiguration", {"key": "AuthorizationKey", "value": "s3cret"}),
        op.UpdateFirmware("ftp://user:s3cret@host/fw.bin"),
        op.UpdateFirmware("http://10.0.0.1:9221/token=s3cret/fw.bin"),
    ],
)
def test_secrets_are_not_kept(operation: Operation) -> None:
    """And what lacks its secret is not sent again, though its proof may go on."""
    text = text_of(operation)
    assert "s3cret" not in text
    assert operation_of(kind_of(operation), text, to_send=True) is None
    assert operation_of(kind_of(operation), text, to_send=False) is not None


def test_what_is_no_operation_is_none() -> None:
    """A row of another version, a batch, a deed."""
    assert operation_of("Bulk", "{}", to_send=True) is None
    assert operation_of("", "{}", to_send=True) is None
    assert operation_of("Unlock", '{"evse": "one"}', to_send=True) is None
