"""Builds a page; one that cannot be built says so in its place and leaves the window alive."""

import logging

from PySide6.QtWidgets import QVBoxLayout

from ui.shell.navigation import PageSpec
from ui.shell.page import Page, Workspace
from ui.widgets.notices import ErrorState
from ui.widgets.panel import Panel

log = logging.getLogger("forecourt.ui.window")


class FailedPage(Page):
    """Stands where a page could not be built."""

    def __init__(self, workspace: Workspace, cause: str) -> None:
        super().__init__(workspace)
        facts = (("Still working", "the server and all other pages"), ("What failed", cause))
        panel = Panel("This page")
        panel.set_body(ErrorState("This page could not be opened", "The log has the details.", facts))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.addWidget(panel)


def build(spec: PageSpec, workspace: Workspace) -> Page:
    """The page of a spec, or a FailedPage; the log has the cause."""
    try:
        return spec.make(workspace)
    except Exception as error:
        log.exception("page %s could not be built", spec.route)
        return FailedPage(workspace, repr(error))
