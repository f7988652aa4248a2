"""Connecting a store, and signing in to Kaspi again."""

from cube_demper.seller.pages.connect.page import connect_page
from cube_demper.seller.pages.connect.state import ConnectState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/stores/connect",
    title="Подключить магазин",
    view=connect_page,
    on_load=[ConnectState.load, ConnectState.watch],
)
