"""Forecourt's core: hosts charging stations and keeps the truth about them. Knows no Qt."""

__version__ = "0.1.0"
