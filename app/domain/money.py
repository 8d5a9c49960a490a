"""Minor units: how many decimal places a currency has, and what a count of them is worth. Pure."""

from decimal import Decimal

_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"
_TWO = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF "
    "CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL "
    "HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP "
    "MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD "
    "SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS "
    "VES WST XCD XCG YER ZAR ZMW ZWG"
)
_PLACES = dict.fromkeys(_NONE.split(), 0) | dict.fromkeys(_TWO.split(), 2) | dict.fromkeys(_THREE.split(), 3)


def places(currency: str) -> int:
    """Decimal places of a currency by its three letters (ISO 4217); two where it is not known."""
    return _PLACES.get(currency, 2)


def major(minor: int, currency: str) -> Decimal:
    """So many minor units in major ones, exactly."""
    return Decimal(minor).scaleb(-places(currency))


def currency_complaint(text: str) -> str:
    """Why what somebody typed is no currency of ISO 4217, as a sentence; "" if it is one."""
    typed = text.strip().upper()
    if typed in _PLACES:
        return ""
    if len(typed) == 3 and typed.isalpha():
        return f"There is no currency {typed}; write its three letters, as EUR or GBP."
    return "Write the currency as its three letters, as EUR or GBP."
