"""Exports and printable reports: history as rows of plain values, in forms no spreadsheet misreads."""
