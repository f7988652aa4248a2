"""Rivals: how often they answer, how fast, down to where."""

from cube_demper.seller.pages.rivals.page import rivals_page
from cube_demper.seller.pages.rivals.state import RivalsState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/rivals",
    title="Конкуренты",
    view=rivals_page,
    on_load=[RivalsState.load, RivalsState.watch],
)
