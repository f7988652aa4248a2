"""The AI salesman: what waits for the seller's word, what he said, how he is set."""

from cube_demper.seller.pages.salesman.page import salesman_page
from cube_demper.seller.pages.salesman.state import SalesmanState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/messages/salesman",
    title="ИИ-продавец",
    view=salesman_page,
    on_load=[SalesmanState.load, SalesmanState.watch],
)
