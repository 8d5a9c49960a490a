"""Data files the product reads: quirks, codes, map, icons, fonts. No code."""
