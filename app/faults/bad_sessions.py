"""The one test behind two rules: sessions that deliver nothing, and sessions that break off (F.4)."""

from collections.abc import Callable

from app.domain.records import Record, SessionRecord
from app.faults.limits import Limits
from app.faults.outcomes import BadSessionLimits, Outcomes, Verdict, evidence_of
from app.faults.rule import Scene
from app.faults.standing import NONE, Place, Resumes, Standing, Told


class BadSessions(Resumes):
    """Counts bad sessions of a connector against what is usual at its site.

    Args:
        name: of the rule.
        code: of the vocabulary.
        title: what it is called.
        meant: whether a run of bad sessions is of this rule's kind.
    """

    hears: tuple[type, ...] = (SessionRecord,)
    learns = True

    def __init__(
        self, name: str, code: str, title: str, meant: Callable[[Verdict], bool], limits: Limits
    ) -> None:
        self.name = name
        self._code, self._title, self._meant = code, title, meant
        self._limits = limits.of("bad_sessions", BadSessionLimits)
        self._standing = Standing(name)
        self._outcomes = Outcomes(self._limits)

    def hear(self, record: Record, scene: Scene) -> Told:
        """A session's row."""
        assert isinstance(record, SessionRecord)
        station = scene.station(record.station)
        verdict = self._outcomes.hear(record, "" if station is None else station.site)
        if verdict is None:
            return NONE
        place = Place(record.station, record.evse or 0, record.connector or 0)
        if self._standing.holds(place):
            if verdict.good_run < self._limits.good_in_row:
                return NONE
            self._outcomes.forget(Place(place.station, place.evse))
            good = [o.session for o in verdict.last[-self._limits.good_in_row :]]
            return self._standing.end(place, verdict.last[-1].ended_ms, good_sessions=good)
        if verdict.tail >= self._limits.alarm_below or verdict.good_run or not self._meant(verdict):
            return NONE
        began = next(o.ended_ms for o in verdict.last if o.kind != "good")
        title = f"{self._title}: {verdict.bad} of the last {verdict.of}"
        return self._standing.begin(
            scene, place, self._code, began, title, evidence_of(verdict, self._limits)
        )
