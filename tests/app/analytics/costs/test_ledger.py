"""The ledger adds up to the cent whatever is opened, and books nothing twice."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.analytics.costs.ledger import (
    Claims,
    Confidence,
    Cost,
    Ledger,
    Line,
    Nature,
    Part,
    Stream,
    close,
    rounded,
    spread,
)  # fmt: skip

EXACT = st.decimals("-500", "500", places=5)


def line(exact: Decimal, n: int = 0) -> Line:
    return Line(f"session:{n}", n, Decimal(1), "session", exact, exact)


def part(*exacts: Decimal, station: str = "S1", cause: str = "offline", **more: object) -> Part:
    made = Part(
        Cost.LOST_REVENUE, "2026-03", "Depot", station, cause, Confidence.MODELLED, "EUR", Nature.MARGIN,
        tuple(line(exact, n) for n, exact in enumerate(exacts)),
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


@given(st.lists(EXACT, max_size=12), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_cents_are_spread_without_loss(exacts: list[Decimal], currency: str) -> None:
    whole = rounded(sum(exacts, Decimal(0)), currency)
    shares = spread(whole, exacts, currency)
    assert sum(shares, Decimal(0)) == (whole if exacts else 0)
    unit = Decimal(1).scaleb({"EUR": -2, "JPY": 0, "KWD": -3}[currency])
    assert all(abs(share - exact) < 2 * unit for share, exact in zip(shares, exacts, strict=True))


@given(
    st.lists(
        st.tuples(st.sampled_from(["S1", "S2"]), st.sampled_from(["a", "b"]), st.lists(EXACT, max_size=5)),
        max_size=6,
    )
)
def test_what_is_opened_adds_up_to_what_is_shown(given_parts: list[tuple[str, str, list[Decimal]]]) -> None:
    closed = close(
        part(*exacts, station=station, cause=cause) for station, cause, exacts in given_parts if exacts
    )
    for one in closed:
        assert one.amount == sum((found.amount or Decimal(0) for found in one.lines), Decimal(0))
    for cause in ("a", "b"):
        exact = sum((sum(e, Decimal(0)) for _, c, e in given_parts if c == cause), Decimal(0))
        shown = sum((one.amount or Decimal(0) for one in closed if one.cause == cause), Decimal(0))
        assert shown == rounded(exact, "EUR") or not any(e for _, c, e in given_parts if c == cause)


def test_half_a_cent_goes_up_and_currencies_have_their_places() -> None:
    assert rounded(Decimal("2.675"), "EUR") == Decimal("2.68")
    assert rounded(Decimal("1234.5"), "JPY") == Decimal("1235")
    assert rounded(Decimal("1.0005"), "KWD") == Decimal("1.001")


def test_an_unknown_input_is_no_zero() -> None:
    (one,) = close([part(missing="expansion.fixed")])
    assert one.amount is None
    assert Ledger((one,)).total("EUR") == 0
    assert Ledger((one,)).by("cost") == {}


def test_a_stream_is_booked_once_and_the_second_claim_is_listed() -> None:
    claims = Claims()
    assert claims.take(Stream.VISIT_MARGIN, "session:1", Cost.LOST_REVENUE)
    assert not claims.take(Stream.VISIT_MARGIN, "session:1", Cost.LOST_REVENUE)
    assert not claims.take(Stream.VISIT_MARGIN, "session:1", Cost.CHURN, Decimal("3.20"))
    (moved,) = claims.moved
    assert (moved.booked, moved.asked, moved.exact) == (Cost.LOST_REVENUE, Cost.CHURN, Decimal("3.20"))


def test_currencies_are_never_added() -> None:
    ledger = Ledger(close([part(Decimal(3)), part(Decimal(4), currency="GBP")]))
    assert (ledger.total("EUR"), ledger.total("GBP")) == (3, 4)
    assert ledger.by("site") == {("EUR", "Depot"): 3, ("GBP", "Depot"): 4}
