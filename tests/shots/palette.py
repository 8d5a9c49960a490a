"""Pictures of a window need few colours: kept as a palette they are a third as large."""

import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtGui import QImage

COLOURS = 64
AT_ONCE = 4096


def shrink(file: Path, colours: int = COLOURS) -> None:
    """Write a picture again with its most frequent colours; each other one becomes the nearest of them."""
    picture = QImage(str(file)).convertToFormat(QImage.Format.Format_RGB32)
    wide, high = picture.width(), picture.height()
    rows = np.frombuffer(picture.constBits(), np.uint32).reshape(high, picture.bytesPerLine() // 4)
    found, places, counts = np.unique(rows[:, :wide] & 0xFFFFFF, return_inverse=True, return_counts=True)
    kept = found[np.argsort(-counts, kind="stable")[:colours]]
    nearest = np.empty(len(found), np.uint8)
    for at in range(0, len(found), AT_ONCE):
        away = ((_parts(found[at : at + AT_ONCE])[:, None] - _parts(kept)[None]) ** 2).sum(-1)
        nearest[at : at + AT_ONCE] = away.argmin(1)
    stride = (wide + 3) // 4 * 4
    indexed = np.zeros((high, stride), np.uint8)
    indexed[:, :wide] = nearest[places].reshape(high, wide)
    made = QImage(indexed.tobytes(), wide, high, stride, QImage.Format.Format_Indexed8)
    made.setColorTable([0xFF000000 | int(colour) for colour in kept])
    made.save(str(file), "PNG", 0)  # type: ignore[call-overload]


def _parts(
    colours: "np.ndarray[tuple[int], np.dtype[np.uint32]]",
) -> "np.ndarray[tuple[int, int], np.dtype[np.int32]]":
    return np.stack([colours >> 16 & 255, colours >> 8 & 255, colours & 255], -1).astype(np.int32)
