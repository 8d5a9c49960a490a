"""Carries a step of a playbook out: its commands through the desk in order, or the link closed."""

from dataclasses import replace

from app.domain.errors import ForecourtError
from app.domain.ids import StationId
from app.domain.operations import CommandState, Operation, Urgency, Wish
from app.domain.records import CommandRecord, FaultRecord
from app.recovery.facts import Facts
from app.recovery.parts import Room
from app.recovery.playbooks import Step
from app.recovery.steps import operations_of


class Hands:
    """The hands of recovery.

    Args:
        room: whose desk and links they use.
        facts: what a step is aimed at.
    """

    def __init__(self, room: Room, facts: Facts) -> None:
        self._room = room
        self._facts = facts

    async def send(self, row: FaultRecord, step: Step, by: str, automatic: bool) -> str:
        """Send what a step sends, one after the other; why the station did not do it, "" if it did.

        Raises:
            ForecourtError: nothing was sent; the sentence says why.
        """
        if step.do in ("wait", "send-person"):
            return ""
        station = StationId(row.station)
        if step.do == "restart-link":
            link = self._room.server.links.get(station)
            if link is None:
                raise ForecourtError(f"{station} is not connected.")
            link.close(1012, "restarted by recovery")
            return ""
        operations = operations_of(step.do, await self._facts.aim(row, step))
        if not operations:
            raise ForecourtError("There is nothing to send for this step.")
        for number, operation in enumerate(operations):
            try:
                refused = await self._command(row, operation, by, automatic)
            except ForecourtError as error:
                if not number:
                    raise
                refused = str(error)
            if refused:
                return refused
        return ""

    async def _command(self, row: FaultRecord, operation: Operation, by: str, automatic: bool) -> str:
        wish = Wish(
            row.station, operation, by, f"Recovery of fault {row.fault}: {row.title}",
            Urgency.AUTOMATIC if automatic else Urgency.PERSON,
        )  # fmt: skip
        if not automatic or type(operation).__name__ in ("Unlock", "StopSession"):
            agreed = tuple(c.key for c in self._room.desk.consequences(wish) if not c.blocks)
            wish = replace(wish, agreed=agreed)
        record: CommandRecord = await self._room.desk.ended(await self._room.desk.ask(wish))
        if record.outcome in (CommandState.REFUSED, CommandState.EXPIRED, CommandState.CANCELLED):
            why = record.proof or f"The station refused {record.action}."
            if record.sent_ms is None:
                raise ForecourtError(why)
            return why
        return ""
