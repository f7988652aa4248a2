"""The seller's numbers in WhatsApp: the risks, the QR, and how each number is."""

from cube_demper.seller.pages.whatsapp.page import whatsapp_page
from cube_demper.seller.pages.whatsapp.state import WhatsAppState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/messages/connection",
    title="WhatsApp",
    view=whatsapp_page,
    on_load=[WhatsAppState.load, WhatsAppState.watch],
)
