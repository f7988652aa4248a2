"""The bot of each store: what it does now, why it does not, how it must work."""

from cube_demper.seller.pages.bot.page import bot_page
from cube_demper.seller.pages.bot.settings_state import BotSettingsState
from cube_demper.seller.pages.bot.state import BotState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/bot",
    title="Бот",
    view=bot_page,
    # The settings first: until they are read anew nothing can be typed into the old ones.
    on_load=[BotSettingsState.load, BotState.load, BotState.watch],
)
