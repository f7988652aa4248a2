"""All stores: why each works or not, and what can be done about it."""

from admin.pages.stores.page import stores_page
from admin.pages.stores.panel_state import StorePanel
from admin.pages.stores.state import StoresState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/stores",
    title="Магазины",
    view=stores_page,
    on_load=[StoresState.load, StorePanel.follow, StoresState.watch],
)
