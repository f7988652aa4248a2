"""Everybody: found by anything, a page at a time."""

from admin.pages.users.page import users_page
from admin.pages.users.state import UsersState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/users",
    title="Пользователи",
    view=users_page,
    on_load=[UsersState.load, UsersState.watch],
)
