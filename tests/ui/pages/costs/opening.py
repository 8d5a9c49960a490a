"""Hidden costs, opened."""

from typing import Any


def opened(open_page: Any, argument: str = "", **more: Any) -> Any:
    """The page once its answers have come and been laid out."""
    stage = open_page("costs", argument=argument, **more)
    stage.settle()
    return stage
