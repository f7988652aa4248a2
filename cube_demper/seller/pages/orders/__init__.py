"""Orders: Kaspi's tabs, a search by code, phone and name, one order in full."""

from cube_demper.seller.pages.orders.arrivals_state import ArrivalsState
from cube_demper.seller.pages.orders.going_on_state import GoingOnState
from cube_demper.seller.pages.orders.page import orders_page
from cube_demper.seller.pages.orders.state import OrdersState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/orders",
    title="Заказы",
    view=orders_page,
    on_load=[
        OrdersState.load,
        OrdersState.watch,
        GoingOnState.load,
        GoingOnState.watch,
        ArrivalsState.load,
        ArrivalsState.watch,
    ],
)
