"""The demo's network: sites, stations, plugs and prices, read from `resources/demo/network.toml`."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files

from app.domain.intents import DescribeStation
from app.domain.records import ConnectorPlan

MIN_STATIONS = 3
MAX_STATIONS = 500


@dataclass(frozen=True, slots=True)
class Plug:
    """One outlet. `power_w` is its rating in W; `price` in major units of the currency per kWh."""

    evse: int
    kind: str
    power_w: int
    price: str

    @property
    def dc(self) -> bool:
        """Whether it feeds the battery directly."""
        return self.kind != "Type 2"


@dataclass(frozen=True, slots=True)
class StationPlan:
    """A station as built. `profile` is how its site is used: work, highway, retail, residential."""

    identity: str
    name: str
    site: str
    country: str
    zone: str
    latitude: float
    longitude: float
    profile: str
    version: str
    maker: str
    model: str
    serial: str
    firmwares: tuple[str, ...]
    plugs: tuple[Plug, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """All stations, site by site."""

    stations: tuple[StationPlan, ...]

    @property
    def sites(self) -> tuple[str, ...]:
        """Site names in order."""
        return tuple(dict.fromkeys(s.site for s in self.stations))

    def intents(self) -> tuple[DescribeStation, ...]:
        """What an operator would enter so that the control room knows names, places and prices."""
        return tuple(
            DescribeStation(
                station=s.identity,
                name=s.name,
                site=s.site,
                latitude=s.latitude,
                longitude=s.longitude,
                plan=tuple(ConnectorPlan(p.evse, 1, p.kind, p.power_w, p.price) for p in s.plugs),
            )
            for s in self.stations
        )


def load_network(stations: int = 48) -> Network:
    """The demo network with this many stations.

    Raises:
        ValueError: fewer than 3 or more than 500.
    """
    if not MIN_STATIONS <= stations <= MAX_STATIONS:
        raise ValueError(f"The demo has {MIN_STATIONS} to {MAX_STATIONS} stations, not {stations}.")
    text = files("resources").joinpath("demo/network.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    models = {model["key"]: model for model in data["model"]}
    sites = data["site"]
    built: dict[str, int] = dict.fromkeys(models, 0)
    plans: list[StationPlan] = []
    for place, site in enumerate(sites):
        share = stations // len(sites) + (place < stations % len(sites))
        for number in range(1, share + 1):
            model = models[site["models"][(number - 1) % len(site["models"])]]
            count = built[model["key"]]
            built[model["key"]] += 1
            plans.append(_plan(site, number, model, count))
    return Network(tuple(plans))


def _plan(site: dict[str, object], number: int, model: dict[str, object], count: int) -> StationPlan:
    code, name = str(site["code"]), str(site["name"])
    versions, firmwares, plugs = model["versions"], model["firmwares"], model["plugs"]
    assert isinstance(versions, list)
    assert isinstance(firmwares, list)
    assert isinstance(plugs, list)
    latitude, longitude = site["latitude"], site["longitude"]
    assert isinstance(latitude, float)
    assert isinstance(longitude, float)
    row, column = divmod(number - 1, 8)  # parking bays stand 25 m apart, so that each can be told on a map
    return StationPlan(
        identity=f"{code}-{number:02d}",
        name=f"{name} {number}",
        site=name,
        country=str(site["country"]),
        zone=str(site["zone"]),
        latitude=round(latitude + row * 0.00022, 6),
        longitude=round(longitude + column * 0.00035, 6),
        profile=str(site["profile"]),
        version=str(versions[count % len(versions)]),
        maker=str(model["maker"]),
        model=str(model["name"]),
        serial=f"{str(model['maker'])[:2].upper()}{2_400_000 + count * 137 + sum(map(ord, code))}",
        firmwares=tuple(str(f) for f in firmwares),
        plugs=tuple(
            Plug(
                evse=index,
                kind=str(plug["kind"]),
                power_w=int(plug["power_kw"]) * 1000,
                price=str(site["price_ac"] if plug["kind"] == "Type 2" else site["price_dc"]),
            )
            for index, plug in enumerate(plugs, 1)
        ),
    )
