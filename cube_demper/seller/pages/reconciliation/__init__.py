"""Kaspi's payout reports against the seller's orders."""

from cube_demper.seller.pages.reconciliation.page import reconciliation_page
from cube_demper.seller.pages.reconciliation.state import ReconciliationState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/reconciliation",
    title="Сверка выплат",
    view=reconciliation_page,
    on_load=[ReconciliationState.load, ReconciliationState.watch],
)
