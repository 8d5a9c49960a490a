"""How much something holds on to, so that a test can say that months do not make it larger."""

import gc
from types import BuiltinFunctionType, FunctionType, ModuleType

_SHARED = (type, ModuleType, FunctionType, BuiltinFunctionType)


def held(*roots: object) -> int:
    """How many objects are reachable from `roots`, without classes, functions and modules."""
    gc.collect()
    seen: set[int] = set()
    waiting: list[object] = list(roots)
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, _SHARED):
            continue
        seen.add(id(one))
        waiting += gc.get_referents(one)
    return len(seen)
