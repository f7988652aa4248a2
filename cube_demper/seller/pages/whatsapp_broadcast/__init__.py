"""One broadcast: written step by step, then watched."""

from cube_demper.seller.pages.whatsapp_broadcast.page import broadcast_page
from cube_demper.seller.pages.whatsapp_broadcast.state import BroadcastState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/messages/broadcasts/[broadcast_id]",
    title="Рассылка",
    view=broadcast_page,
    on_load=[BroadcastState.load, BroadcastState.watch],
)
