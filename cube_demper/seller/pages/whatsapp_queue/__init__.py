"""What waits to be sent, why it waits, and what today's budget allows."""

from cube_demper.seller.pages.whatsapp_queue.page import queue_page
from cube_demper.seller.pages.whatsapp_queue.state import QueueState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/messages/queue",
    title="Очередь WhatsApp",
    view=queue_page,
    on_load=[QueueState.load, QueueState.watch],
)
