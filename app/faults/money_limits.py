"""The numbers behind money, as data: resources/rules/money.toml."""

import msgspec


class DemandLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How demand is learnt (D.1, F.1).

    kappa: hours that the prior weighs. weeks, half_life_weeks: the window and how it fades.
    level_hours: hours that the fleet's level weighs against the pool's own. share_weight: starts
    that an equal share weighs. stays: sessions that the mean stay and energy look back on;
    stay_weight: sessions that the fleet's weigh. suspect_mu: a gap with so many expected starts is no
    evidence of low demand, unless the one before was such, too. good_wh: from here on a session says
    what one takes.
    measured_from, thin_from: starts behind the hours priced, for the labels.
    uneven: variance of a day's demand over its mean squared before days tell, which counts like
    uneven_days of them; uneven_from: starts from which on a pool's days tell of it.
    """

    kappa: float
    weeks: int
    half_life_weeks: float
    level_hours: float
    share_weight: float
    stays: float
    stay_weight: float
    suspect_mu: float
    good_wh: int
    measured_from: float
    thin_from: float
    uneven: float
    uneven_days: float
    uneven_from: float


class MoneyLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How faults are priced (D.2, D.3).

    recovered: share of drivers who come back within a day. floor_per_hour: what an outage ranks at
    least, major units. repair_weight: faults that the fleet's median repair weighs.
    repair_h: the usual repair before any is known, hours; assumed.
    outage: by rule, the share of a connector that it takes; codes: the same by code. by_status: rules
    whose faults take the whole connector while it is Faulted or Unavailable. ranged: rules whose loss
    lies between nothing and all.
    """

    recovered: float
    floor_per_hour: float
    repair_weight: float
    repair_h: float
    outage: dict[str, float]
    codes: dict[str, float]
    by_status: tuple[str, ...]
    ranged: tuple[str, ...]
