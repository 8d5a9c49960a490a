"""What the palette offers of pages out of view is what those pages do."""

from typing import Any

import pytest

from ui.shell.navigation import find
from ui.shell.page_deeds import DEEDS


@pytest.mark.parametrize("route", DEEDS)
def test_a_page_offers_what_is_told_of_it(route: str, open_page: Any) -> None:
    """Under the same title, or opening it from elsewhere would do nothing; and by the same icon."""
    stage = open_page("overview")
    found = find(route)
    assert found is not None
    page = found[1].make(stage.workspace)
    page.setParent(stage.host)
    assert set(DEEDS[route]) <= {(hit.title, hit.icon) for hit in page.hits("")}
