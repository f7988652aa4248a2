"""Is all well, what needs the seller, what the bots did."""

from cube_demper.seller.pages.overview.page import overview_page
from cube_demper.seller.pages.overview.places_state import PlacesState
from cube_demper.seller.pages.overview.state import OverviewState
from cube_demper.seller.pages.overview.steps import StepsState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/",
    title="Обзор",
    view=overview_page,
    on_load=[StepsState.load, OverviewState.load, PlacesState.load, OverviewState.watch],
)
