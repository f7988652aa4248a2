"""The queue of payouts to partners."""

from admin.pages.payouts.doubts import DoubtsState
from admin.pages.payouts.page import payouts_page
from admin.pages.payouts.state import PayoutsState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/payouts",
    title="Выплаты",
    view=payouts_page,
    on_load=[PayoutsState.load, DoubtsState.load, PayoutsState.watch],
)
