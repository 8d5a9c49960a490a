"""The keys of the queue, and what its head says of money."""

from PySide6.QtCore import Qt

from ui.faults import FaultBook
from ui.theme.money import rate

KEYS = (
    ("J K", "next and previous fault"),
    ("Enter", "open the fault"),
    ("A", "acknowledge"),
    ("S", "shelve, or take from the shelf"),
    ("R", "next step of the playbook"),
    ("G", "assign"),
    ("T", "take out of service, or put back"),
    ("N", "add a note"),
    ("C", "start a call about the fault, or end it"),
    ("Space", "tick"),
    ("Shift J Shift K", "tick on the way"),
    ("← →", "fold and unfold"),
    (".", "show what is new"),
    ("/", "filter"),
    ("Ctrl Z", "undo"),
)

DEED_OF = {
    Qt.Key.Key_A: "acknowledge",
    Qt.Key.Key_S: "shelve",
    Qt.Key.Key_R: "recover",
    Qt.Key.Key_G: "assign",
    Qt.Key.Key_T: "service",
    Qt.Key.Key_N: "note",
    Qt.Key.Key_C: "call",
}


def losing_words(book: FaultBook) -> str:
    """What all open faults lose an hour; "" until they are known."""
    told = [rate(minor, currency) for currency, minor in sorted(book.losing().items()) if currency]
    if told:
        return f"Losing {' and '.join(told)}"
    if any(view.money is not None and view.money.saves is None for view in book.queue.values()):
        return "Losses not known, no price is entered"
    if any(view.money is not None and view.money.lost for view in book.queue.values()):
        return "Losing nothing at this hour"
    return "Nothing is losing money" if book.ready else ""
