"""When Python looks for cycles of garbage. Nearly nothing here makes any, so it looks seldom.

By default the collector looks after every 700 new containers, that is after a dozen messages, and
now and then at everything there is: a tenth of all work, and pauses of tens of milliseconds with
thousands of stations. What is loaded at start is put out of its sight, and the young are looked at
after `YOUNG` containers, which takes about a millisecond. Memory that holds no cycle is freed at
once, as always.
"""

import gc

YOUNG = 20_000
MIDDLE = 20
OLD = 20


def begin() -> None:
    """Look for nothing while the program starts: what is loaded stays. Call before it is."""
    gc.disable()


def settle() -> None:
    """Everything that is in memory now is taken to stay. Call when the program has started."""
    gc.enable()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
