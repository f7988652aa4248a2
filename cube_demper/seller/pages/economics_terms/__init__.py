"""A store's conditions of sale."""

from cube_demper.seller.pages.economics_terms.page import terms_page
from cube_demper.seller.pages.economics_terms.state import SaleTermsState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/economics/terms",
    title="Условия магазина",
    view=terms_page,
    on_load=[SaleTermsState.load],
)
