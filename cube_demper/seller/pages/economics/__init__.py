"""Store economics."""

from cube_demper.seller.pages.economics.coming_state import ComingState
from cube_demper.seller.pages.economics.money_state import MoneyState
from cube_demper.seller.pages.economics.page import economics_page
from cube_demper.seller.pages.economics.state import EconomicsState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/economics",
    title="Экономика",
    view=economics_page,
    on_load=[EconomicsState.load, MoneyState.load, ComingState.load_coming, EconomicsState.watch],
)
