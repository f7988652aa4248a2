"""Signing in."""

from cube_demper.ui.pages import Page
from support.pages.login.page import login_page
from support.pages.login.state import LoginState

PAGE = Page(
    route="/login", title="Вход", view=login_page, on_load=[LoginState.load], signed_in=False
)
