"""Knows how stations bring and fetch files: one-time addresses, what came over them."""

from app.files.files import REMEMBERED_MS, Files
from app.files.reach import reachable_by

__all__ = ["REMEMBERED_MS", "Files", "reachable_by"]
