"""What sellers' buyers are written while a seller has no words of their own."""

from admin.pages.templates.page import templates_page
from admin.pages.templates.state import TemplatesState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/templates", title="Тексты WhatsApp", view=templates_page, on_load=[TemplatesState.load]
)
