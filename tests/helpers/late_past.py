"""A start whose past is read only when the test says so, as a long one is read beside the start."""

import asyncio
from typing import Any

import pytest

from app import fault_start
from app.fault_start import FaultStart


def read_later(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """What to set for the past of every start from now on to be read."""
    read_on = asyncio.Event()
    whole = FaultStart._past

    async def later(self: FaultStart, *args: Any) -> None:
        await read_on.wait()
        await whole(self, *args)

    monkeypatch.setattr(fault_start, "LONG", 0)
    monkeypatch.setattr(FaultStart, "_past", later)
    return read_on
