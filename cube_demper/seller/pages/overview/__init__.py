"""Is all well, what needs the seller, what the bots did."""

from cube_demper.seller.pages.overview.page import overview_page
from cube_demper.seller.pages.overview.state import OverviewState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/",
    title="Обзор",
    view=overview_page,
    on_load=[OverviewState.load, OverviewState.watch],
)
