"""Names of settings: written and read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import ForecourtError
from app.domain.operations import Variable
from app.operations.configuration.naming import ATTRIBUTES, key_of, read, written

WORD = st.text("abcXYZ019_- ", min_size=1, max_size=8).filter(lambda t: t == t.strip())
EVSE = st.none() | st.integers(1, 99)


@st.composite
def variables(draw: st.DrawFn) -> Variable:
    component = draw(st.just("") | WORD)
    if not component:
        return Variable(
            draw(WORD), instance=draw(st.just("") | WORD), attribute=draw(st.sampled_from(ATTRIBUTES))
        )
    evse = draw(EVSE)
    return Variable(
        draw(WORD), component, evse, draw(EVSE) if evse else None, draw(st.just("") | WORD),
        draw(st.just("") | WORD), draw(st.sampled_from(ATTRIBUTES)),
    )  # fmt: skip


@given(variables())
def test_a_name_is_read_back_as_it_was_meant(variable: Variable) -> None:
    assert read(written(variable)) == variable


@pytest.mark.parametrize(
    ("text", "variable"),
    [
        ("HeartbeatInterval", Variable("HeartbeatInterval")),
        ("OCPPCommCtrlr.HeartbeatInterval", Variable("HeartbeatInterval", "OCPPCommCtrlr")),
        (
            "OCPPCommCtrlr.MessageAttempts[TransactionEvent]",
            Variable("MessageAttempts", "OCPPCommCtrlr", instance="TransactionEvent"),
        ),
        ("Connector@2:1.Available#Target", Variable("Available", "Connector", 2, 1, attribute="Target")),
        ("Phase[L1]@1.Voltage", Variable("Voltage", "Phase", 1, component_instance="L1")),
    ],
)
def test_names_in_use(text: str, variable: Variable) -> None:
    assert read(text) == variable
    assert written(variable) == text


@pytest.mark.parametrize("text", ["", "A.", "A@x.B", "A.B[", "A.B#Some"])
def test_what_names_nothing_is_refused_in_words(text: str) -> None:
    with pytest.raises(ForecourtError, match=r"\.$"):
        read(text)


def test_names_are_one_whatever_their_case() -> None:
    assert key_of(Variable("heartbeatinterval")) == key_of(Variable("HeartbeatInterval"))
    assert key_of(Variable("A", "B", 1)) != key_of(Variable("A", "B"))
