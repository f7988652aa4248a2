"""Confirming an e-mail by the link of a letter."""

from cube_demper.seller.pages.confirm.page import confirm_page
from cube_demper.seller.pages.confirm.state import ConfirmState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/confirm",
    title="Подтверждение почты",
    view=confirm_page,
    on_load=[ConfirmState.load],
    signed_in=False,
)
