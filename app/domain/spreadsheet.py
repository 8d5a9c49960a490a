"""What no spreadsheet may take for a formula: texts that stations and people chose (T12)."""

import re

# Blanks do not disarm a formula; full-width forms are formulas in some locales.
_FORMULA = re.compile(r"^[ \u00a0\u2000-\u200b\u3000\ufeff]*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def safe_text(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would read a formula (T12)."""
    return "'" + text if _FORMULA.match(text) else text
