"""How much a station takes in one message, as it told."""

import pytest

from app.domain.operations import (
    ClearMonitors,
    ReadConfiguration,
    Reset,
    SendLocalList,
    WriteConfiguration,
)
from app.operations.configuration.sizes import Sizes
from tests.app.operations.configuration.story import named, rows


def test_16_tells_it_in_its_own_keys() -> None:
    sizes = Sizes(rows("A", GetConfigurationMaxKeys="4", SendLocalListMaxLength="20"))
    assert sizes.most("A", "1.6", ReadConfiguration()) == 4
    assert sizes.most("A", "1.6", SendLocalList(1, ())) == 20
    assert sizes.most("A", "1.6", WriteConfiguration(())) is None
    assert sizes.most("B", "1.6", ReadConfiguration()) is None


def test_2x_tells_it_by_message_or_for_all() -> None:
    told = {
        "DeviceDataCtrlr.ItemsPerMessage[GetVariables]": "4",
        "DeviceDataCtrlr.ItemsPerMessage": "9",
        "LocalAuthListCtrlr.ItemsPerMessage": "30",
    }
    sizes = Sizes(named("A", told))  # type: ignore[arg-type]
    assert sizes.most("A", "2.0.1", ReadConfiguration()) == 4
    assert sizes.most("A", "2.1", WriteConfiguration(())) == 9
    assert sizes.most("A", "2.1", SendLocalList(1, ())) == 30
    assert sizes.most("A", "2.1", ClearMonitors((1,))) is None
    assert sizes.most("A", "2.1", Reset()) is None


@pytest.mark.parametrize("value", ["0", "-1", "many", "", None])
def test_what_is_no_limit_limits_nothing(value: str | None) -> None:
    sizes = Sizes(rows("A", GetConfigurationMaxKeys="4"))
    sizes.learn(rows("A", GetConfigurationMaxKeys=value))
    assert sizes.most("A", "1.6", ReadConfiguration()) is None
