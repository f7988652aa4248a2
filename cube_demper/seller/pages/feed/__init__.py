"""The store's price list: its address, who takes it, the upload of the first one."""

from cube_demper.seller.pages.feed.address_state import AddressState
from cube_demper.seller.pages.feed.import_state import ImportState
from cube_demper.seller.pages.feed.page import feed_page
from cube_demper.seller.pages.feed.state import FeedState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/stores/feed",
    title="Прайс-лист",
    view=feed_page,
    on_load=[AddressState.hide, FeedState.load, ImportState.load, FeedState.watch],
)
