"""Partners: what each brought, their terms, and the programme's rules."""

from admin.pages.partners.page import partners_page
from admin.pages.partners.state import PartnersState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/partners",
    title="Партнёры",
    view=partners_page,
    on_load=[PartnersState.load, PartnersState.watch],
)
