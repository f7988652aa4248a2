"""The product in figures, each opening the list behind it."""

from admin.pages.overview.page import overview_page
from admin.pages.overview.state import OverviewState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/",
    title="Обзор",
    view=overview_page,
    on_load=[OverviewState.load, OverviewState.watch],
)
