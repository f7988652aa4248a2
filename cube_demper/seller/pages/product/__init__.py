"""The page of one product."""

from cube_demper.seller.pages.product.chart_state import ChartState
from cube_demper.seller.pages.product.guards.state import GuardState
from cube_demper.seller.pages.product.log_state import LogState
from cube_demper.seller.pages.product.page import product_page
from cube_demper.seller.pages.product.replay.state import ReplayState
from cube_demper.seller.pages.product.state import ProductState
from cube_demper.seller.pages.product.supply.state import SupplyState
from cube_demper.seller.pages.product.terms_state import TermsState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/products/[product_id]",
    title="Товар",
    view=product_page,
    on_load=[
        ProductState.load,
        TermsState.load,
        GuardState.load,
        ChartState.load,
        LogState.load,
        ReplayState.load,
        SupplyState.load,
        ProductState.watch,
    ],
)
