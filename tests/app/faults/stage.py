"""An engine under test with rules that find what they are told to."""

from collections.abc import Hashable, Iterable

from app.domain.fact import Fact
from app.domain.ids import StationId
from app.domain.records import FaultEventRecord, FaultRecord, LinkRecord, StationRecord
from app.domain.status import LinkState
from app.faults.catalogue import Catalogue, load
from app.faults.engine import Engine
from app.faults.rule import Finding, Rule, Scene, Subject
from app.faults.watch import Faults

S, M, H = 1_000, 60_000, 3_600_000
START = 1_767_225_600_000
CATALOGUE: Catalogue = load()


class Said(Fact, frozen=True):
    """What the rule under test is to find."""

    finding: Finding


class Parrot:
    """A rule that finds what it hears."""

    hears: tuple[type, ...] = (Said,)

    def __init__(self, name: str = "parrot") -> None:
        self.name = name

    def hear(self, record: object, scene: Scene) -> Iterable[Finding]:
        assert isinstance(record, Said)
        return (record.finding,)

    def wake(self, key: Hashable, scene: Scene) -> Iterable[Finding]:
        return ()


class ByCode:
    """Deed of a person, as the intake hands it on."""

    def __init__(self, fault: int, verb: str, by: str = "ANNA", why: str = "", **fields: object) -> None:
        self.by, self.why = by, why
        self.fields = {"fault": fault, "verb": verb, "fields": fields}


class Stage:
    """Plays conditions to an engine and looks at what comes of it. Times are seconds since the start."""

    def __init__(self, *rules: Rule, catalogue: Catalogue = CATALOGUE) -> None:
        self.faults = Faults()
        self.kept: list[object] = []
        self.engine = Engine(rules or (Parrot(),), catalogue)
        self.engine.tick(START)
        self.faults.begin(self.engine, self._submit)

    def _submit(self, journal, records, done) -> None:
        self.kept += records
        if done is not None:
            done(None)

    def station(self, name: str = "A", site: str = "Depot", **fields: object) -> None:
        record = StationRecord(StationId(name), site=site, **fields)
        self.engine.hear(record, self.engine.scene.now)

    def link(self, name: str, state: LinkState, at_s: float) -> None:
        at = START + round(at_s * S)
        self.engine.hear(LinkRecord(StationId(name), at, state), at)

    def say(
        self, code: str, at_s: float, held: bool = True, *, station: str = "A", evse: int = 1,
        connector: int = 1, rule: str = "parrot", mark: str = "", site: str = "",
        heard_s: float | None = None, **evidence: object,
    ) -> None:  # fmt: skip
        at = START + round(at_s * S)
        heard = at if heard_s is None else START + round(heard_s * S)
        subject = Subject(site, station, evse, connector)
        finding = Finding(rule, code, subject, at, held, mark=mark, raw=code, evidence=evidence)
        self.engine.hear(Said(finding), heard)
        self.faults.keep()

    def at(self, seconds: float) -> None:
        """Let time pass until then."""
        self.engine.tick(START + round(seconds * S))
        self.faults.keep()

    def act(self, fault: int, verb: str, at_s: float | None = None, **fields: object) -> None:
        at = self.engine.scene.now if at_s is None else START + round(at_s * S)
        self.kept += self.faults.act(ByCode(fault, verb, **fields), at)

    @property
    def rows(self) -> dict[int, FaultRecord]:
        """The faults as kept, by number."""
        return {r.fault: r for r in self.kept if isinstance(r, FaultRecord)}

    def lines(self, fault: int = 1) -> list[FaultEventRecord]:
        return [r for r in self.kept if isinstance(r, FaultEventRecord) and r.fault == fault]

    def verbs(self, fault: int = 1) -> list[str]:
        return [line.verb for line in self.lines(fault)]

    def state(self, fault: int = 1) -> str:
        return self.rows[fault].state
