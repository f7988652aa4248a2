"""Links by campaign with QR codes, the spoken code and texts to send."""

from cube_demper.ui.pages import Page
from partner.pages.links.page import links_page
from partner.pages.links.state import LinksState

PAGE = Page(
    route="/links",
    title="Ссылки",
    view=links_page,
    on_load=[LinksState.load, LinksState.watch],
)
