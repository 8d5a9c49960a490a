"""Mutated frames through the core: nothing but OCPP errors comes out. The million is in tests/soak."""

import pytest

from app.protocol.versions import VERSIONS
from tests.helpers.fuzzing import drive
from tests.helpers.mutation import frames


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("version", VERSIONS)
def test_mutated_frames(version: str, strict: bool) -> None:
    """4,000 frames a version and mode: each is handed on, refused or noted; none raises."""
    seen = drive(version, frames(version, 1, 4_000), strict=strict)
    assert seen.total() == 4_000
    assert seen["Inbound"] > 50
    assert seen["Rejected"] > 1_000
    assert seen["Answered"] > 50
