"""A partner's own password, changed by the old one."""

from cube_demper.ui.pages import Page
from partner.navigation import OWN_PASSWORD
from partner.pages.password.page import password_page
from partner.pages.password.state import PasswordState

PAGE = Page(route=OWN_PASSWORD, title="Пароль", view=password_page, on_load=[PasswordState.load])
