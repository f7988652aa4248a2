"""The seller's stores."""

from cube_demper.seller.pages.stores.page import stores_page
from cube_demper.seller.pages.stores.state import StoresState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/stores",
    title="Магазины",
    view=stores_page,
    on_load=[StoresState.load, StoresState.watch],
)
