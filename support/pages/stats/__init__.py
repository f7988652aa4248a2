"""How answers come: by day, and by person for an admin."""

from cube_demper.ui.pages import Page
from support.pages.stats.page import stats_page
from support.pages.stats.state import StatsState

PAGE = Page(
    route="/stats",
    title="Статистика",
    view=stats_page,
    on_load=[StatsState.load, StatsState.watch],
)
