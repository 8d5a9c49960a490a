"""The keys of the queue."""

from PySide6.QtCore import Qt

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
    ("Shift+J Shift+K", "tick on the way"),
    ("← →", "fold and unfold"),
    (".", "show what is new"),
    ("/", "filter"),
    ("Ctrl+Z", "undo"),
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
