"""What an admin sees first."""

from admin.pages.overview.page import overview_page
from cube_demper.ui.pages import Page

PAGE = Page(route="/", title="Обзор", view=overview_page)
