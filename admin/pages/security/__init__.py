"""One's own second factor."""

from admin.pages.security.page import security_page
from admin.pages.security.state import SecurityState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/security", title="Безопасность", view=security_page, on_load=[SecurityState.load]
)
