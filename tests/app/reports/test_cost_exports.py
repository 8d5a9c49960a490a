"""`costs` and `cost-evidence`: sums equal to the cent, nothing twice, nobody named, empty where not known."""

import csv
import io
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.reports.exports import Asked
from app.reports.pseudonyms import Pseudonyms
from app.reports.write import write_export
from tests.app.analytics.costs.network import DAY, FEBRUARY, HOUR, MARCH, NOW, UTC, Network, a_network

KEY = ("cost", "period", "site", "station", "cause", "confidence", "currency")
KINDS = ("in vain", "cut", "unproved", "refused", "fault", "offline", "order", "credit", "call", "charge")
happenings = st.lists(
    st.tuples(st.sampled_from(KINDS), st.sampled_from(("D1", "D2")), st.integers(0, 26), st.integers(11, 20)),
    max_size=12,
    unique_by=lambda one: one[1:],
)


def happen(network: Network, told: list[tuple[str, str, int, int]]) -> None:
    for n, (kind, name, day, hour) in enumerate(told, 1):
        at = FEBRUARY + day * DAY + hour * HOUR
        match kind:
            case "in vain":
                network.in_vain(name, at, f"CARD-{n % 3}")
            case "cut":
                network.charge(name, at, 3_000, hours=0.2, stop_reason="PowerLoss", token=f"CARD-{n % 3}")
            case "unproved":
                network.charge(name, at, None, hours=0.2)
            case "refused":
                network.charge(name, at, 7_777, hours=0.2, token="")
            case "fault":
                network.fault(n, name, at, at + 50 * HOUR)
            case "offline":
                network.fault(n, name, at, at + 3 * HOUR, rule="offline")
            case "order":
                network.write(
                    "work-order", f"WO-{n}", station=name, site="Depot", evse=1, cause="CX001", state="done",
                    created_ms=at, closed_ms=at + HOUR,
                    visits=[{"at_ms": at, "until_ms": at + HOUR, "who": "bo", "minutes": 60, "result": "x"}],
                )  # fmt: skip
            case "credit":
                network.write("credit", str(n), station=name, at_ms=at, amount="12.35", currency="EUR")
            case "call":
                network.write("call", str(n), station=name, from_ms=at, to_ms=at + 7 * 60_000)
            case _:
                network.charge(name, at, 11_111, hours=0.3, token=f"CARD-{n % 3}")


def exported(network: Network, what: str, **asked: Any) -> list[dict[str, str]]:
    def write(connection: Any) -> bytes:
        out = io.BytesIO()
        told = Asked(now_ms=NOW, zone=UTC, **asked)
        write_export(connection, what, told, "csv", out, pseudonyms=Pseudonyms(b"k" * 32))
        return out.getvalue()

    return list(csv.DictReader(io.StringIO(network.past.ask(write).decode())))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=happenings)
def test_the_evidence_adds_up_to_the_costs_and_nothing_stands_twice(
    told: list[tuple[str, str, int, int]], tmp_path_factory: Any
) -> None:
    with a_network(tmp_path_factory.mktemp("network")) as network:
        network.every_day(FEBRUARY - 14 * DAY, 40)
        happen(network, told)
        costs, lines = (exported(network, what) for what in ("costs", "cost-evidence"))
        book = network.book()
    sums: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    of: Counter[tuple[str, ...]] = Counter()
    for line in lines:
        key = tuple(line[name] for name in KEY)
        sums[key] += Decimal(line["amount"] or 0)
        of[key] += 1
    keys = [tuple(row[name] for name in KEY) for row in costs]
    assert len(set(keys)) == len(keys)
    assert {key: n for key, n in of.items() if n} == {
        key: int(row["evidence"]) for key, row in zip(keys, costs, strict=True) if int(row["evidence"])
    }
    for key, row in zip(keys, costs, strict=True):
        assert Decimal(row["amount"] or 0) == sums[key]
    twice = Counter(
        (line["object"], line["unit"], line["period"])
        for line in lines
        if line["cost"] in ("lost-revenue", "manpower", "maintenance", "brand")
    )
    assert all(n == 1 for n in twice.values()), twice
    february = [r for r in costs if r["period"] == "2026-02" and r["cost"] != "churn" and r["amount"]]
    assert sum((Decimal(r["amount"]) for r in february), Decimal(0)) == book.total()
    assert not any("CARD-" in value for line in lines for value in line.values())


def test_a_month_belongs_to_the_span_it_begins_in(tmp_path: Path) -> None:
    with a_network(tmp_path) as network:
        network.every_day(FEBRUARY - 14 * DAY, 50)
        network.in_vain("D1", FEBRUARY + 5 * DAY + 15 * HOUR)
        network.in_vain("D1", FEBRUARY - 5 * DAY + 15 * HOUR)
        network.in_vain("D2", FEBRUARY + 5 * DAY + 18 * HOUR)
        whole = exported(network, "costs")
        february = exported(network, "costs", from_ms=FEBRUARY, to_ms=MARCH)
        mine = exported(network, "costs", from_ms=FEBRUARY, to_ms=MARCH, station="D2")
    assert {row["period"] for row in whole if row["cost"] == "lost-revenue"} == {"2026-01", "2026-02"}
    assert {row["period"] for row in february} == {"2026-02"}
    assert [row["amount"] for row in mine if row["cost"] == "lost-revenue"] == ["4.32"]


def test_what_is_not_known_yet_is_empty_and_never_zero(tmp_path: Path) -> None:
    with a_network(tmp_path) as network:
        network.every_day(FEBRUARY - 14 * DAY, 40)
        for n, name in enumerate(("D1", "D2")):
            network.charge(name, FEBRUARY + DAY + 14 * HOUR + n, 40_000, peak_power_w=50_000, hours=3)
        (peak,) = [
            row
            for row in exported(network, "costs", from_ms=FEBRUARY, to_ms=MARCH)
            if row["cause"] == "avoidable peak"
        ]
    assert (peak["amount"], peak["missing"]) == ("", "data.demand_charge")
