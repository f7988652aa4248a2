"""A new password by a link to the mailbox."""

from admin.pages.reset.page import reset_page
from admin.pages.reset.state import ResetState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/reset",
    title="Новый пароль",
    view=reset_page,
    on_load=[ResetState.load],
    signed_in=False,
)
