"""Pictures of a window need few colours: kept as a palette they are a third as large."""

import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtGui import QImage

COLOURS = 64
RARE = 6
"""A colour of fewer pixels is an edge between two others."""


def shrink(file: Path, colours: int = COLOURS) -> None:
    """Write a picture again with few colours: the most frequent, and those that lie farthest from them, as
    a small red badge must stay red. Each other one becomes the nearest of these.
    """
    picture = QImage(str(file)).convertToFormat(QImage.Format.Format_RGB32)
    wide, high = picture.width(), picture.height()
    rows = np.frombuffer(picture.constBits(), np.uint32).reshape(high, picture.bytesPerLine() // 4)
    found, places, counts = np.unique(rows[:, :wide] & 0xFFFFFF, return_inverse=True, return_counts=True)
    kept = list(np.argsort(-counts, kind="stable")[: colours // 2])
    away = np.full(len(found), np.inf)
    nearest = np.zeros(len(found), np.uint8)
    parts = _parts(found)
    for place in range(min(colours, len(found))):
        if place == len(kept):
            kept.append(np.argmax(np.where(counts >= RARE, away, 0) * np.log1p(counts)))
        off = ((parts - parts[kept[place]]) ** 2).sum(-1)
        nearest[off < away] = place
        away = np.minimum(off, away)
    stride = (wide + 3) // 4 * 4
    indexed = np.zeros((high, stride), np.uint8)
    indexed[:, :wide] = nearest[places].reshape(high, wide)
    made = QImage(indexed.tobytes(), wide, high, stride, QImage.Format.Format_Indexed8)
    made.setColorTable([0xFF000000 | int(colour) for colour in found[kept]])
    made.save(str(file), "PNG", 0)  # type: ignore[call-overload]


def _parts(
    colours: "np.ndarray[tuple[int], np.dtype[np.uint32]]",
) -> "np.ndarray[tuple[int, int], np.dtype[np.int32]]":
    return np.stack([colours >> 16 & 255, colours >> 8 & 255, colours & 255], -1).astype(np.int32)
