"""Inviting other sellers: the link, who came, what it earned and why not yet."""

from cube_demper.seller.pages.referrals.page import referrals_page
from cube_demper.seller.pages.referrals.state import ReferralsState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/referrals",
    title="Пригласить продавца",
    view=referrals_page,
    on_load=[ReferralsState.load, ReferralsState.watch],
)
