"""The state machine of a commissioning: what is seen goes in, the next state and the act come out. Pure."""

from dataclasses import replace

from app.domain.errors import ForecourtError
from app.onboarding.judging import GO, Failed, NotNeeded, Passed, Seen, Wait, judge
from app.onboarding.steps import Run, RunState, Stand, Step

AGAIN = "again-start"
"""The remedy of a step that needs a new test session."""
ENDED = (RunState.DONE, RunState.GIVEN_UP)


def advance(run: Run, seen: Seen, now_ms: int) -> tuple[Run, str]:
    """The run after what is seen now, and what is to be done for it ("" for nothing).

    An act is noted in its step before it is done, so that none is ever done twice.
    """
    run = _introduced(run, seen)
    while run.state is RunState.RUNNING:
        step = run.current
        if step is None:
            return replace(run, state=RunState.DONE, ended_ms=now_ms), ""
        if step.began_ms is None:
            step = replace(step, stand=Stand.RUNNING, began_ms=now_ms, attempts=step.attempts + 1)
        match judge(run, step, seen, now_ms):
            case Passed(text):
                run = run.with_step(replace(step, stand=Stand.PASSED, ended_ms=now_ms, text=text, remedy=""))
                run = _learned(run, step, seen)
            case NotNeeded(text):
                run = run.with_step(
                    replace(step, stand=Stand.SKIPPED, ended_ms=now_ms, text=text, why=text, by="Forecourt")
                )
            case Failed(text, remedy):
                failed = replace(step, stand=Stand.FAILED, ended_ms=now_ms, text=text, remedy=remedy)
                return replace(run.with_step(failed), state=RunState.STOPPED), ""
            case Wait(text, act, person):
                acts = (*step.acts, act) if act else step.acts
                stand = Stand.WAITING if person else Stand.RUNNING
                return run.with_step(replace(step, stand=stand, text=text, acts=acts)), act
    return run, ""


def could_not(run: Run, key: str, why: str, now_ms: int) -> Run:
    """What was to be done for a step could not be done: it failed."""
    step = run.current
    if step is None or step.key != key:
        return run
    failed = replace(step, stand=Stand.FAILED, ended_ms=now_ms, text=why)
    return replace(run.with_step(failed), state=RunState.STOPPED)


def done_for(run: Run, key: str, command: int) -> Run:
    """The command that was sent for a step."""
    step = run.current
    return run if step is None or step.key != key else run.with_step(replace(step, command=command))


def retry(run: Run) -> Run:
    """Try the step it stopped at again, with all that belongs to it.

    Raises:
        ForecourtError: nothing is to be tried again.
    """
    step = run.current
    if run.state in ENDED or step is None or step.stand is not Stand.FAILED:
        raise ForecourtError("There is no step to try again.")
    again = {step.key, "start"} if step.remedy == AGAIN else {step.key}
    fresh = tuple(Step(s.key, attempts=s.attempts) if s.key in again else s for s in run.steps)
    return replace(run, state=RunState.RUNNING, steps=fresh)


def go(run: Run) -> Run:
    """Do not wait any longer for what a person was to do: act now.

    Raises:
        ForecourtError: it does not wait for that.
    """
    step = run.current
    if run.state is not RunState.RUNNING or step is None or step.key != "start" or "start" in step.acts:
        raise ForecourtError("It does not wait for anybody now.")
    return run.with_step(replace(step, acts=(*step.acts, GO)))


def skip(run: Run, why: str, by: str, now_ms: int) -> Run:
    """Leave the step it stands at, with a reason that the protocol shows.

    Raises:
        ForecourtError: no reason is given, or nothing is to be skipped.
    """
    step = run.current
    if run.state in ENDED or step is None:
        raise ForecourtError("There is no step to skip.")
    if not why.strip():
        raise ForecourtError("Say why the step is skipped; the protocol shows it.")
    left = replace(
        step,
        stand=Stand.SKIPPED,
        began_ms=step.began_ms or now_ms,
        ended_ms=now_ms,
        by=by,
        why=why.strip(),
    )
    return replace(run.with_step(left), state=RunState.RUNNING)


def after_restart(run: Run, now_ms: int) -> Run:
    """What a restart of Forecourt makes of a run: a step that had acted is not judged any more, since
    what followed was not seen; anything else goes on."""
    step = run.current
    if run.state is not RunState.RUNNING or step is None or not step.acts:
        return run
    return could_not(run, step.key, "Forecourt restarted during this step; try it again.", now_ms)


def _introduced(run: Run, seen: Seen) -> Run:
    """The station's own words about itself, as far as it has told them."""
    known, view = seen.record, seen.view
    if known is None:
        return run
    return replace(
        run,
        name=known.name or run.name,
        site=known.site or run.site,
        vendor=known.vendor or run.vendor,
        model=known.model or run.model,
        serial=known.serial or run.serial,
        firmware=known.firmware or run.firmware,
        protocol=(view.version if view is not None else "") or run.protocol,
        peer=(view.peer if view is not None else "") or run.peer,
    )


def _learned(run: Run, step: Step, seen: Seen) -> Run:
    session = seen.session
    if session is None:
        return run
    if step.key == "start":
        return replace(run, session=session.session)
    return replace(run, energy_wh=session.energy_wh) if step.key == "stop" else run
