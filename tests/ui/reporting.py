"""A report for pictures and pages: a whole owner's month, invented."""

from app.reports.document import Chart, Column, Document, Draft, Figure, number, text


def report(rows: int = 3) -> Document:
    """One with a sentence, figures, a chart and an annex of so many rows."""
    draft = Draft()
    draft.say("September cost €14.80 more than it had to.", strong=True)
    draft.figures(Figure("Lost", "€14.80", "modelled"), Figure("Uptime", "98.31%"))
    draft.chart(Chart("What was lost by month?", "€", "bars", ("Aug", "Sep", "Oct"), (15.6, 14.8, None)))
    draft.heading("Each station", annex=True)
    columns = (Column("Station", wide=True), Column("Lost €", right=True))
    draft.grid(columns, [[text(f"S{n}"), number(n * 1.5, 2)] for n in range(rows)])
    return Document(
        "owner",
        "Owner's report",
        "September 2026",
        0,
        tuple(draft.blocks),
        ("By rule 7.",),
        True,
        "owner-2026-09",
    )


def answers() -> dict[str, object]:
    """What the page of reports asks."""
    return {"reports/made": report(), "reports/plans": []}
