"""The few tests that rules judge by (reference section F and G). Pure."""

from math import comb, exp, log, sqrt

Z = 1.959964
"""The normal's 97.5 %."""


def binomial_tail(k: int, n: int, p: float) -> float:
    """P(X ≥ k) of n trials that each fail with probability p."""
    if k <= 0:
        return 1.0
    return sum(comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1))


def none_above(above: int, before: int, last: int) -> float:
    """P(the `above` greatest of all values stand among the `before`, none among the `last`), by chance.

    C(before, above) / C(before + last, above): exact wherever each order of the values is as likely,
    whatever they are distributed like.
    """
    return comb(before, above) / comb(before + last, above)


def poisson_none(mu: float) -> float:
    """P(no event) where `mu` are expected."""
    return exp(-mu)


def gap_threshold(starts_a_year: float, false_alarms_a_year: float) -> float:
    """The expected starts μ* that a gap must hold before it is an alarm: ln(S / F) (F.1)."""
    return max(0.0, log(max(starts_a_year, 1.0) / false_alarms_a_year))


def cusum_down(before: float, mu: float, x: int, rho: float = 0.25) -> float:
    """One step of the test for a fall to `rho` of the usual: max(0, S + μ(1−ρ) + x ln ρ) (F.3)."""
    return max(0.0, before + mu * (1 - rho) + x * log(rho))


def shrunk(events: float, exposure: float, prior: float, weight: float) -> float:
    """A rate drawn towards a prior that counts like `weight` of exposure (D.1, G)."""
    return (events + weight * prior) / (exposure + weight)


def wilson(k: float, n: float, z: float = Z) -> tuple[float, float]:
    """The interval of a share, the 95 % one without `z`; (0, 1) where nothing was tried (G)."""
    if n <= 0:
        return 0.0, 1.0
    p, z2 = k / n, z * z
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = z / (1 + z2 / n) * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def newcombe(k1: float, n1: float, k2: float, n2: float, z: float = Z) -> tuple[float, float]:
    """The interval of the difference of two shares, first minus second (Newcombe's method 10; G)."""
    (low1, high1), (low2, high2) = wilson(k1, n1, z), wilson(k2, n2, z)
    p1, p2 = k1 / n1 if n1 else 0.0, k2 / n2 if n2 else 0.0
    difference = p1 - p2
    return (
        difference - sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2),
        difference + sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2),
    )
