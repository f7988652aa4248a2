"""Everything about one person, and what an admin may do about it."""

from admin.pages.user.deeds_state import DeedsState
from admin.pages.user.page import user_page
from admin.pages.user.state import CardState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/users/[user_id]",
    title="Пользователь",
    view=user_page,
    on_load=[CardState.load, DeedsState.put_away, CardState.watch],
)
