"""One order under an address of its own: the list of orders with its panel open."""

from cube_demper.seller.pages.orders import PAGE as ORDERS
from cube_demper.seller.pages.orders.state import OrdersState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/orders/[order_id]",
    title="Заказ",
    view=ORDERS.view,
    on_load=[*ORDERS.on_load, OrdersState.show_named],  # the list begins with no panel open
)
