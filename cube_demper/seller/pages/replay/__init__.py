"""A rule over the recorded market of all goods of a store, before it is applied to them."""

from cube_demper.seller.pages.replay.page import replay_page
from cube_demper.seller.pages.replay.state import RunState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/bot/replay",
    title="Проверка правила",
    view=replay_page,
    on_load=[RunState.load, RunState.name_merchants, RunState.watch],
)
