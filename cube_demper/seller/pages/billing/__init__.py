"""Plan and usage, payments with their papers, cards, requisites."""

from cube_demper.seller.pages.billing.cards_state import CardsState
from cube_demper.seller.pages.billing.choosing_state import ChoosingState
from cube_demper.seller.pages.billing.goods_state import GoodsState
from cube_demper.seller.pages.billing.page import billing_page
from cube_demper.seller.pages.billing.payments_state import PaymentsState
from cube_demper.seller.pages.billing.requisites_state import RequisitesState
from cube_demper.seller.pages.billing.state import BillingState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/billing",
    title="Тариф и оплата",
    view=billing_page,
    on_load=[
        BillingState.load,
        ChoosingState.follow,
        GoodsState.load,
        PaymentsState.load,
        CardsState.load,
        RequisitesState.load,
        BillingState.watch,
        PaymentsState.watch,
    ],
)
