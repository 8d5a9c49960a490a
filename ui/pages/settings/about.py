"""What runs here: versions and licences."""

import platform
import sqlite3
from importlib.metadata import PackageNotFoundError, version

import PySide6.QtCore
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app import __version__
from ui.widgets.facts import Facts
from ui.widgets.labels import Label
from ui.widgets.panel import Panel

PARTS = (
    ("PySide6", "PySide6_Essentials", "LGPL-3.0"),
    ("websockets", "websockets", "BSD-3-Clause"),
    ("SQLAlchemy", "SQLAlchemy", "MIT"),
    ("Alembic", "alembic", "MIT"),
    ("NumPy", "numpy", "BSD-3-Clause"),
    ("pyqtgraph", "pyqtgraph", "MIT"),
    ("msgspec", "msgspec", "BSD-3-Clause"),
    ("jsonschema-rs", "jsonschema-rs", "MIT"),
    ("ocpp", "ocpp", "MIT"),
    ("zstandard", "zstandard", "BSD-3-Clause"),
    ("argon2-cffi", "argon2-cffi", "MIT"),
    ("XlsxWriter", "XlsxWriter", "BSD-2-Clause"),
)
BUNDLED = (
    ("Inter, JetBrains Mono", "SIL Open Font License 1.1"),
    ("Lucide icons", "ISC"),
    ("Natural Earth map", "public domain"),
)


class About(Panel):
    """Forecourt, the parts it is made of, and under which licence each is used."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("About", f"Forecourt {__version__}, Apache-2.0", parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        running = Facts()
        running.show_facts(
            (
                ("Python", platform.python_version()),
                ("Qt", PySide6.QtCore.qVersion()),
                ("SQLite", sqlite3.sqlite_version),
                ("System", platform.platform(terse=True)),
            )
        )
        parts = Facts()
        parts.show_facts([(name, f"{_version(package)}, {licence}") for name, package, licence in PARTS])
        bundled = Facts()
        bundled.show_facts(BUNDLED)
        column = QVBoxLayout()
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(6)
        for title, facts in (("Runs on", running), ("Made with", parts), ("Bundled", bundled)):
            column.addWidget(Label(title, "small", weight=600))
            column.addWidget(facts)
            column.addSpacing(6)
        self.body_layout.addLayout(column)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
