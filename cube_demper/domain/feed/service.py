"""Use cases of price lists. Others use this module and the schemas, nothing else of the package."""

from __future__ import annotations

from cube_demper.domain.feed.address import rotate, show_address, use_cabinet, use_feed
from cube_demper.domain.feed.cards import (
    CARDS_TOPIC,
    card_found,
    give_card,
    goods_to_seek,
    goods_without_card,
)
from cube_demper.domain.feed.importing import (
    IMPORT_TOPIC,
    cancel_import,
    confirm_import,
    latest_import,
    save_upload,
    take_in,
)
from cube_demper.domain.feed.publishing import (
    PriceLimits,
    broken,
    check_whole,
    delivered,
    offers,
    open_file,
    tell_unpulled,
)
from cube_demper.domain.feed.views import accept_short, feed_briefs, feed_view

__all__ = [
    "CARDS_TOPIC",
    "IMPORT_TOPIC",
    "PriceLimits",
    "accept_short",
    "broken",
    "cancel_import",
    "card_found",
    "check_whole",
    "confirm_import",
    "delivered",
    "feed_briefs",
    "feed_view",
    "give_card",
    "goods_to_seek",
    "goods_without_card",
    "latest_import",
    "offers",
    "open_file",
    "rotate",
    "save_upload",
    "show_address",
    "take_in",
    "tell_unpulled",
    "use_cabinet",
    "use_feed",
]
