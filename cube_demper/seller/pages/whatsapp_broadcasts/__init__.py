"""All broadcasts of a seller, with how far each is."""

from cube_demper.seller.pages.whatsapp_broadcasts.page import broadcasts_page
from cube_demper.seller.pages.whatsapp_broadcasts.state import BroadcastsState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/messages/broadcasts",
    title="Рассылки",
    view=broadcasts_page,
    on_load=[BroadcastsState.load, BroadcastsState.watch],
)
