"""Proofs under way: each hears what its station tells, until it has seen enough or its time is up."""

from collections.abc import Awaitable, Callable

from app.domain.fact import changed
from app.domain.ids import StationId
from app.domain.operations import CommandState, Operation, WriteConfiguration
from app.domain.records import Record
from app.domain.told import SettingTold
from app.intake.messages import MessageFeed
from app.operations.keeper import Keeper
from app.operations.lifecycle import progress, state_of
from app.operations.live import Live
from app.operations.outcomes import Judged
from app.operations.proofs.watch import Answer, Seen

Look = Callable[[Live, Operation], Awaitable[Answer | str]]
RESUMED = " Forecourt restarted in between."


class Following:
    """Watches over accepted commands.

    Args:
        desk: who keeps and tells.
        messages: the live message log, for proofs that need every message.
        look: asks a station something for a proof; its answer, or why there is none.
    """

    def __init__(self, desk: Keeper, messages: MessageFeed, look: Look) -> None:
        self._desk = desk
        self._messages = messages
        self._look = look
        self._by_station: dict[StationId, list[Live]] = {}

    def follow(self, live: Live) -> None:
        """Begin to hear for a command that leaves now."""
        if live.watch is None:
            return
        if live.watch.MESSAGES:
            live.heard = self._messages.subscribe(live.record.station)
        self._by_station.setdefault(live.record.station, []).append(live)

    def forget(self, live: Live) -> None:
        """A command has ended, or goes back to wait."""
        if live.heard is not None:
            live.heard.close()
            live.heard = None
        followed = self._by_station.get(live.record.station)
        if followed is not None and live in followed:
            followed.remove(live)
            if not followed:
                del self._by_station[live.record.station]
        live.watch = live.early = live.unanswered = None

    # -- what is heard -------------------------------------------------------------------------

    def hear(self, record: Record, at_ms: int) -> None:
        """A record was committed."""
        followed = self._by_station.get(getattr(record, "station", ""))  # type: ignore[arg-type]
        for live in [*followed] if followed else ():
            self.hear_one(live, record, at_ms)

    def hear_one(self, live: Live, record: Record, at_ms: int) -> None:
        """A record that one command's proof may use."""
        if live.watch is not None:
            self.saw(live, live.watch.hear(record, at_ms))

    def tick(self, now_ms: int) -> None:
        """Messages that came, and proofs whose time is up."""
        for followed in [*self._by_station.values()]:
            for live in [*followed]:
                if live.heard is not None:
                    self._messages_of(live)
                watch = live.watch
                if watch is None or now_ms < watch.until_ms:
                    continue
                if live.unanswered is not None:
                    self.end(live, live.unanswered.state, live.unanswered.sentence)
                elif state_of(live.record) is CommandState.ACCEPTED:
                    self.saw(live, Seen(CommandState.NOT_PROVED, watch.give_up()))

    def _messages_of(self, live: Live) -> None:
        assert live.heard is not None
        for line in live.heard.take():
            if line.direction == "in" and line.kind in ("call", "send") and live.watch is not None:
                self.saw(live, live.watch.said(line.action, line.at_ms))

    def saw(self, live: Live, seen: Seen | None) -> None:
        """A proof saw enough, or (None) perhaps a step on the way."""
        if seen is None:
            watch = live.watch
            told = progress(live.record, watch.progress) if watch is not None else None
            if told is not None:
                self._desk.keep(live, told)
            return
        if state_of(live.record) is CommandState.ACCEPTED:
            missed = live.resumed and seen.state is CommandState.NOT_PROVED
            self.end(live, seen.state, seen.sentence + (RESUMED if missed else ""))
        elif live.unanswered is not None and seen.state is CommandState.PROVED:
            self.end(live, CommandState.PROVED, f"{seen.sentence} It gave no answer.")
        elif live.early is None:
            live.early = seen

    # -- what the answer makes of it --------------------------------------------------------------

    def accepted(
        self, live: Live, answer: Answer, sentence: str, settings: tuple[SettingTold, ...] = ()
    ) -> None:
        """The station agreed: the proof's time runs, or the answer is all there is to prove."""
        self._remember(live, settings, written=isinstance(live.operation, WriteConfiguration))
        watch = live.watch
        if watch is None:
            self.end(live, CommandState.DONE, sentence)
            return
        self._desk.settle(live, CommandState.ACCEPTED, sentence)
        begun = watch.begin(answer)
        self.saw(live, live.early or begun)

    def _remember(self, live: Live, settings: tuple[SettingTold, ...], *, written: bool = False) -> None:
        """Have settings kept as they were told."""
        if settings and self._desk.settings is not None:
            keeping = self._desk.settings.take(live.record.station, settings, written=written)
            self._desk.background(keeping, f"settings told to command {live.record.command}")

    def unanswered(self, live: Live, judged: Judged) -> None:
        """No answer came. What was seen may prove it all the same (Q68); else it ends as that."""
        watch, early = live.watch, live.early
        if early is not None and early.state is CommandState.PROVED:
            self.end(live, CommandState.PROVED, f"{early.sentence} It gave no answer.")
        elif watch is not None and watch.WITHOUT_ANSWER and judged.state is not CommandState.DONE:
            live.unanswered = judged
            said = f"{judged.sentence} What it does now is watched."
            self._desk.keep(live, changed(live.record, proof=said))
        else:
            self.end(live, judged.state, judged.sentence)

    def end(self, live: Live, state: CommandState, sentence: str) -> None:
        """A command ends here."""
        if live.watch is not None:
            self._remember(live, live.watch.gathered())
        if self._desk.settle(live, state, sentence):
            self.forget(live)

    async def look(self, live: Live) -> None:
        """Ask what a proof wants to know once the station has accepted."""
        watch = live.watch
        if watch is None or watch.look is None or state_of(live.record) is not CommandState.ACCEPTED:
            return
        told = await self._look(live, watch.look)
        if live.watch is not watch:
            return
        if isinstance(told, str):
            self.saw(live, watch.untold(told))
            return
        settings = tuple(s for s in told.result or () if isinstance(s, SettingTold)) if _many(told) else ()
        self._remember(live, settings)
        self.saw(live, watch.told(told))


def _many(answer: Answer) -> bool:
    return isinstance(answer.result, tuple)
