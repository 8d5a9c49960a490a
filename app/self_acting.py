"""What acts by itself on top of the core: recovery takes steps, notifications tell people."""

from collections.abc import Awaitable, Callable
from datetime import tzinfo
from typing import Any, Protocol

from app.faults.limits import Limits
from app.notify.post import Post
from app.notify.post import Room as PostRoom
from app.recovery.parts import Room as RecoveryRoom
from app.recovery.playbooks import load
from app.recovery.works import Recovery


class Room(RecoveryRoom, PostRoom, Protocol):
    """The parts of the control room that both need."""


async def self_acting(
    room: Room, zone: tzinfo, in_thread: Callable[..., Awaitable[Any]]
) -> tuple[Recovery, Post]:
    """Both, made but not begun.

    Raises:
        ForecourtError: a playbook file is wrong; the sentence names it.
    """
    playbooks = await in_thread(load, room.data_dir / "playbooks")
    limits = await in_thread(Limits, room.data_dir / "rules")
    return Recovery(room, playbooks, zone, limits), Post(room, zone, in_thread)
