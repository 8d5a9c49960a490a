"""The first start: three steps in the whole window, on an empty data directory only."""
