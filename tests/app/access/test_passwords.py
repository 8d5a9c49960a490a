"""Passwords are slow to steal and quick to check again."""

import pytest

from app.access.passwords import Passwords, TooBusy, hash_password
from app.domain.errors import ForecourtError


async def test_first_login_is_checked_against_the_hash_and_the_next_from_memory() -> None:
    """After one good login the same key passes the quick check, another key never does."""
    checks, stored = Passwords(), hash_password("charging-2026")
    assert not checks.quick("A1", stored, (b"charging-2026",))
    assert await checks.slow("A1", stored, (b"wrong", b"charging-2026"))
    assert checks.quick("A1", stored, (b"charging-2026",))
    assert not checks.quick("A1", stored, (b"wrong",))
    assert not checks.quick("B2", stored, (b"charging-2026",))
    checks.close()


async def test_a_changed_password_is_not_remembered() -> None:
    """The memory is bound to the stored hash: a new hash asks for the slow check again."""
    checks, stored = Passwords(), hash_password("charging-2026")
    assert await checks.slow("A1", stored, (b"charging-2026",))
    assert not checks.quick("A1", hash_password("charging-2026"), (b"charging-2026",))
    checks.forget("A1")
    assert not checks.quick("A1", stored, (b"charging-2026",))
    checks.close()


async def test_unknown_identity_costs_the_same_and_never_passes() -> None:
    """No stored hash: the dummy is checked and the answer is no."""
    checks = Passwords()
    assert not await checks.slow("nobody", "", (b"charging-2026",))
    checks.close()


async def test_a_full_queue_says_so() -> None:
    """More than 64 waiting checks are not queued."""
    checks = Passwords()
    checks._waiting = 64
    with pytest.raises(TooBusy):
        await checks.slow("A1", "", (b"x",))
    checks.close()


@pytest.mark.parametrize("password", ["short", "x" * 65, "with\nnewline"])
def test_an_unusable_password_is_refused_in_one_sentence(password: str) -> None:
    """The operator is told what to choose instead."""
    with pytest.raises(ForecourtError):
        hash_password(password)
