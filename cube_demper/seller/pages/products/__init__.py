"""The list of goods."""

from cube_demper.seller.pages.products.page import products_page
from cube_demper.seller.pages.products.state import ProductsState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/products",
    title="Товары",
    view=products_page,
    on_load=[ProductsState.load, ProductsState.watch],
)
