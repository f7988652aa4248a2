"""Our own people, and the programs that act for them."""

from admin.pages.staff.page import staff_page
from admin.pages.staff.state import TeamState
from admin.pages.staff.tokens_state import TokensState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/staff",
    title="Команда",
    view=staff_page,
    on_load=[TeamState.load, TokensState.load],
)
