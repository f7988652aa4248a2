"""Signing in."""

from cube_demper.ui.pages import Page
from partner.pages.login.page import login_page
from partner.pages.login.state import LoginState

PAGE = Page(
    route="/login", title="Вход", view=login_page, on_load=[LoginState.load], signed_in=False
)
