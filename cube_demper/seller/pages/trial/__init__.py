"""The trial of a store's bot: ten goods with floors, what it suggests, one click to apply, then trust."""

from cube_demper.seller.pages.trial.page import trial_page
from cube_demper.seller.pages.trial.state import TrialState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/bot/trial",
    title="Проба бота",
    view=trial_page,
    on_load=[TrialState.load, TrialState.watch],
)
