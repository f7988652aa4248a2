"""The way in of an admin who looks through a seller's eyes."""

from cube_demper.seller.pages.enter.page import enter_page
from cube_demper.seller.pages.enter.state import EnterState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/enter", title="Вход", view=enter_page, on_load=[EnterState.load], signed_in=False
)
