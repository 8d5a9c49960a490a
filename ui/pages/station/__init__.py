"""The page of one station: what it does now, how it fared, what it says."""
