"""Keeps PySide from reading the source of every module that is loaded after it.

It looks there for its own name, to know where its switches of naming (`__feature__`) may hold, which nobody
here uses. It costs a start a twentieth of a second, and the texts stay in memory: 16 MB.
"""

import linecache
from types import ModuleType


def leave_unread() -> None:
    """Take every module loaded from now on for one that uses no such switch, and let go of what was read.

    Call once Qt is loaded.
    """
    try:
        from shibokensupport import feature  # type: ignore[import-not-found]
    except ImportError:
        # A PySide that does not look.
        return
    if hasattr(feature, "_mod_uses_pyside"):
        feature._mod_uses_pyside = _uses_none
    linecache.clearcache()


def _uses_none(_module: ModuleType) -> bool:
    return False
