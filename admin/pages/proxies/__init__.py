"""The pool of egress addresses: health, allotment, import."""

from admin.pages.proxies.page import proxies_page
from admin.pages.proxies.state import ProxiesState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/proxies",
    title="Прокси",
    view=proxies_page,
    on_load=[ProxiesState.load, ProxiesState.watch],
)
