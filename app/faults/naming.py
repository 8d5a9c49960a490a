"""Keeps the vocabulary up to date with what the operator names: a listener among the rules."""

from collections.abc import Hashable

from app.domain.records import EntryRecord, Record
from app.faults.codes import Codes
from app.faults.rule import Scene
from app.faults.standing import NONE, Told


class Naming:
    """Hears `code-name` entries before the rules name anything."""

    name = "naming"
    hears: tuple[type, ...] = (EntryRecord,)

    def __init__(self, codes: Codes) -> None:
        self._codes = codes

    def hear(self, record: Record, scene: Scene) -> Told:
        """An entry was written."""
        assert isinstance(record, EntryRecord)
        self._codes.learn(record)
        return NONE

    def wake(self, key: Hashable, scene: Scene) -> Told:
        """Nothing is waited for."""
        return NONE
