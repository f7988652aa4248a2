"""Signing in."""

from admin.pages.login.page import login_page
from admin.pages.login.state import LoginState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/login", title="Вход", view=login_page, on_load=[LoginState.load], signed_in=False
)
