"""Signing in."""

from cube_demper.seller.pages.login.page import login_page
from cube_demper.seller.pages.login.state import LoginState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/login", title="Вход", view=login_page, on_load=[LoginState.load], signed_in=False
)
