"""Whom the partner brought, how far each got, and why there is no money yet."""

from cube_demper.ui.pages import Page
from partner.pages.leads.page import leads_page
from partner.pages.leads.state import LeadsState

PAGE = Page(
    route="/leads",
    title="Клиенты",
    view=leads_page,
    on_load=[LeadsState.load, LeadsState.watch],
)
