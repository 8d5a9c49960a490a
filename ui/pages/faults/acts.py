"""What a person does to faults from the queue: at once, with a sheet where something is asked, with undo."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.domain.intents import ActOnFault
from app.faults.views import FaultView
from ui.models.fault_words import STATE, owner
from ui.shell.page import Workspace
from ui.theme.formats import count

Fields = Mapping[str, Any]
ACKNOWLEDGEABLE = ("UNACK", "RTNUN")
SHELVABLE = ("UNACK", "ACKED", "RTNUN")


class FaultActs:
    """Acts on one or many faults. What is refused is told in one line; the rest goes on."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def view(self, fault: int) -> FaultView | None:
        """A fault as it is now."""
        return self._workspace.faults.faults.get(fault)

    def act(
        self,
        faults: Sequence[int],
        verb: str,
        fields: Fields | None = None,
        why: str = "",
        *,
        told: Callable[[list[int], str], None],
    ) -> None:
        """Do one act to each; `told` gets those done and, where one was refused, why."""
        _Many(self._workspace, faults, verb, fields or {}, why, told).go_on()

    def acknowledge(self, faults: Sequence[int]) -> None:
        """Say that somebody saw them; Undo makes them new again."""
        wanted = [n for n in faults if (v := self.view(n)) is not None and v.record.state in ACKNOWLEDGEABLE]
        if not wanted:
            self._workspace.toast(self._why_not(faults, "acknowledged"))
            return

        def told(done: list[int], refused: str) -> None:
            self.say("Acknowledged", done, refused, lambda: self._undo(done, "unacknowledge"))

        self.act(wanted, "acknowledge", told=told)

    def shelve(self, faults: Sequence[int], until_ms: int, reason: str) -> None:
        """Put them aside until a time; Undo takes them from the shelf."""

        def told(done: list[int], refused: str) -> None:
            self.say("Shelved", done, refused, lambda: self._undo(done, "unshelve"))

        self.act(faults, "shelve", {"until_ms": until_ms, "reason": reason}, reason, told=told)

    def unshelve(self, faults: Sequence[int]) -> None:
        """Take them from the shelf now."""
        self.act(faults, "unshelve", told=lambda done, no: self.say("Taken from the shelf", done, no))

    def assign(self, faults: Sequence[int], to: str) -> None:
        """Give them to somebody; Undo gives each back to who had it."""
        before = {n: v.record.assigned for n in faults if (v := self.view(n)) is not None}

        def back(done: list[int]) -> None:
            for fault in done:
                self.act([fault], "assign", {"to": before.get(fault, "")}, told=_quietly(self._workspace))
            self._workspace.toast("Given back.")

        def told(done: list[int], refused: str) -> None:
            words = f"Assigned to {to}" if to else "Assigned to nobody"
            self.say(words, done, refused, lambda: back(done))

        self.act(faults, "assign", {"to": to}, told=told)

    def note(self, fault: int, text: str) -> None:
        """Write something into its history."""
        self.act([fault], "note", {"text": text}, told=lambda done, no: self.say("Noted", done, no))

    def simply(self, fault: int, verb: str, words: str, fields: Fields | None = None, why: str = "") -> None:
        """Any other act on one fault."""
        self.act([fault], verb, fields, why, told=lambda done, no: self.say(words, done, no))

    def say(
        self, words: str, done: Sequence[int], refused: str, undo: Callable[[], None] | None = None
    ) -> None:
        """Tell in one line what was done, and what was refused and why."""
        if not done:
            self._workspace.toast(refused or "Nothing was changed.")
            return
        what = self._name(done[0]) if len(done) == 1 else count(len(done), "fault")
        text = f"{words}: {what}"
        self._workspace.toast(f"{text}. {refused}" if refused else text, undo)

    def _undo(self, faults: Sequence[int], verb: str) -> None:
        def told(done: list[int], refused: str) -> None:
            self._workspace.toast(refused or f"Taken back: {count(len(done), 'fault')}.")

        self.act(faults, verb, told=told)

    def _name(self, fault: int) -> str:
        view = self.view(fault)
        return f"fault {fault}" if view is None else f"{owner(view.record)}, {view.record.title}"

    def _why_not(self, faults: Sequence[int], what: str) -> str:
        view = self.view(faults[0]) if faults else None
        if view is None:
            return "No fault is chosen."
        state = STATE.get(view.record.state, view.record.state).lower()
        return f"The fault is {state}, so it need not be {what}."


class _Many:
    """One act after the other, so that a refusal of one does not keep the rest."""

    def __init__(
        self, workspace: Workspace, faults: Sequence[int], verb: str, fields: Fields, why: str,
        told: Callable[[list[int], str], None],
    ) -> None:  # fmt: skip
        self._workspace, self._left = workspace, list(faults)
        self._verb, self._fields, self._why, self._told = verb, fields, why, told
        self._done: list[int] = []
        self._refused = ""
        self._noes = 0

    def go_on(self) -> None:
        """The next one, or the end."""
        if not self._left:
            more = f" ({count(self._noes, 'fault')} refused)" if self._noes > 1 else ""
            self._told(self._done, self._refused + more if self._refused else "")
            return
        fault = self._left.pop(0)

        def done(_: object) -> None:
            self._done.append(fault)
            self.go_on()

        def failed(sentence: str) -> None:
            self._noes += 1
            self._refused = self._refused or sentence
            self.go_on()

        self._workspace.bridge.do(ActOnFault(fault, self._verb, self._fields), self._why, done, failed)


def _quietly(workspace: Workspace) -> Callable[[list[int], str], None]:
    def told(_done: list[int], refused: str) -> None:
        if refused:
            workspace.toast(refused)

    return told
