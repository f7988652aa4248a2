"""Answers to what sellers ask."""

from cube_demper.seller.pages.help.page import help_page
from cube_demper.seller.pages.help.state import HelpState
from cube_demper.ui.pages import Page

PAGE = Page(route="/help", title="Помощь", view=help_page, on_load=[HelpState.load])
