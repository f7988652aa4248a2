"""Asking for money, and what became of it."""

from cube_demper.ui.pages import Page
from partner.pages.payouts.page import payouts_page
from partner.pages.payouts.state import PayoutsState

PAGE = Page(
    route="/payouts",
    title="Выплаты",
    view=payouts_page,
    on_load=[PayoutsState.load, PayoutsState.watch],
)
