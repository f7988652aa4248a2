"""A new password by a link to the mailbox."""

from cube_demper.ui.pages import Page
from support.pages.reset.page import reset_page
from support.pages.reset.state import ResetState

PAGE = Page(
    route="/reset",
    title="Новый пароль",
    view=reset_page,
    on_load=[ResetState.load],
    signed_in=False,
)
