"""Knows what is wrong: rules over what is known, alarms by ISA-18.2, one row per cause, money at risk."""
