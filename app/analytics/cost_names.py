"""What the seven hidden costs are called, on the screen and on paper."""

from collections.abc import Mapping

from app.analytics.costs.ledger import Cost

NAMES: Mapping[Cost, str] = {
    Cost.LOST_REVENUE: "Lost revenue",
    Cost.MANPOWER: "Wasted manpower",
    Cost.BRAND: "Damaged brand",
    Cost.DATA: "Missed data",
    Cost.MAINTENANCE: "Maintenance cost",
    Cost.EXPANSION: "Slowed expansion",
    Cost.CHURN: "User churn",
}
