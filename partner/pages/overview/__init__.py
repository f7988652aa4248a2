"""What links brought: clicks, sign-ups, payments and earnings over time."""

from cube_demper.ui.pages import Page
from partner.pages.overview.page import overview_page
from partner.pages.overview.state import OverviewState

PAGE = Page(
    route="/",
    title="Обзор",
    view=overview_page,
    on_load=[OverviewState.load, OverviewState.watch],
)
