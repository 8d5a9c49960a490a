"""What the comparison of drivers who were hit with those who were not says, and what it could have seen."""

from app.analytics.costs.churn import NOT_DISTINGUISHABLE, ChurnTest

RISE = 0.10


def churn_words(test: ChurnTest) -> str:
    """The comparison in two or three sentences: who left, how sure that is, and its power (reference H)."""
    if not test.exposed or not test.controls:
        return "Too few drivers could be followed to compare anybody with."
    low, high = (f"{100 * end:.1f}".replace("-", "\u2212") for end in test.range)
    points = f"{abs(100 * test.difference):.1f} points {'more' if test.difference >= 0 else 'less'}"
    said = (
        f"{test.exposed_lapsed} of {test.exposed} drivers who were hit stay away, {test.controls_lapsed} of "
        f"{test.controls} who were not: {points} (95% range {low} to {high})"
    )
    said += "." if test.clear else f", {NOT_DISTINGUISHABLE}."
    power = test.power(RISE)
    if power is not None:
        said += f" So many would show a rise of 10 points in {100 * power:.0f} of 100 cases."
    if test.censored:
        drivers = "1 driver" if test.censored == 1 else f"{test.censored} drivers"
        said += f" {drivers} could not be followed, or found the usual site shut, and count in neither group."
    return said
