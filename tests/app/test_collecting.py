"""Garbage is looked for seldom, and never among what the start has loaded."""

import gc

from app import collecting


def test_what_is_loaded_is_out_of_sight() -> None:
    before = gc.get_threshold()
    loaded: list[object] = [{}]
    try:
        collecting.settle()
        assert gc.get_freeze_count() > 0
        assert gc.get_threshold() == (collecting.YOUNG, collecting.MIDDLE, collecting.OLD)
        assert not any(known is loaded for known in gc.get_objects())
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


def test_nothing_is_looked_for_while_the_program_starts() -> None:
    before = gc.get_threshold()
    try:
        collecting.begin()
        assert not gc.isenabled()
        collecting.settle()
        assert gc.isenabled()
    finally:
        gc.enable()
        gc.unfreeze()
        gc.set_threshold(*before)
