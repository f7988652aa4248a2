"""Signing up."""

from cube_demper.seller.pages.register.page import register_page
from cube_demper.seller.pages.register.state import RegisterState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/register",
    title="Регистрация",
    view=register_page,
    on_load=[RegisterState.load],
    signed_in=False,
)
