"""Minor units: how many decimal places a currency has, and what a count of them is worth. Pure."""

from decimal import Decimal

_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"
_PLACES = dict.fromkeys(_NONE.split(), 0) | dict.fromkeys(_THREE.split(), 3)


def places(currency: str) -> int:
    """Decimal places of a currency by its three letters (ISO 4217); two where it is not known."""
    return _PLACES.get(currency, 2)


def major(minor: int, currency: str) -> Decimal:
    """So many minor units in major ones, exactly."""
    return Decimal(minor).scaleb(-places(currency))
