"""The churn test says how sure it is and what it could have seen, in the reference's own case (E7, H)."""

from app.analytics.costs.churn import ChurnTest
from app.analytics.costs.churn_words import churn_words


def test_a_clear_difference_with_its_range_and_power() -> None:
    assert churn_words(ChurnTest(64, 17, 410, 49, 3)) == (
        "17 of 64 drivers who were hit stay away, 49 of 410 who were not: 14.6 points more (95% range 4.7 to "
        "26.9). So many would show a rise of 10 points in 45 of 100 cases. 3 drivers could not be "
        "followed, or found the usual site shut, and count in neither group."
    )


def test_chance_is_called_chance_and_nobody_is_no_proof() -> None:
    words = churn_words(ChurnTest(10, 1, 100, 12))
    assert "2.0 points less" in words
    assert "not distinguishable from zero." in words
    assert churn_words(ChurnTest(0, 0, 410, 49)).startswith("Too few drivers")
