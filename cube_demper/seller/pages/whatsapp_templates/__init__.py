"""What buyers are written, and about what."""

from cube_demper.seller.pages.whatsapp_templates.page import templates_page
from cube_demper.seller.pages.whatsapp_templates.state import TemplatesState
from cube_demper.seller.pages.whatsapp_templates.talk_state import TalkState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/messages/templates",
    title="Шаблоны WhatsApp",
    view=templates_page,
    on_load=[TemplatesState.load, TalkState.load],
)
