"""What is higher than its place scrolls."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget


def scrolled(inside: QWidget) -> QScrollArea:
    """`inside` as wide as its place and as high as it needs, without a frame, on the ground it lies on."""
    area = QScrollArea()
    fill(area, inside)
    return area


def fill(area: QScrollArea, inside: QWidget) -> None:
    """The same in an area that there is."""
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    # Taking it in gave it a ground of its own.
    area.viewport().setAutoFillBackground(False)
    inside.setAutoFillBackground(False)
