"""`/stores/feed`: how prices leave by the store's own price list."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.feed.address_parts import (
    address_card,
    channel_card,
    how_card,
    question_dialog,
)
from cube_demper.seller.pages.feed.import_parts import upload_card
from cube_demper.seller.pages.feed.parts import (
    cardless_card,
    figures,
    pulls_card,
    refusal_notice,
    remarks_card,
    store_choice,
)
from cube_demper.seller.pages.feed.state import FeedState
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, columns, page, page_header, stack
from cube_demper.ui.placeholders import skeleton, when_ready


def feed_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(
            tr("Прайс-лист Kaspi"),
            rx.cond(
                FeedState.view.id,
                FeedState.view.summary,
                tr("Бот без пароля от кабинета: Kaspi сам забирает цены из вашего файла."),
            ),
            back=(tr("Магазины"), "/stores"),
        ),
        when_ready(
            FeedState.phase,
            rx.cond(FeedState.view.id, _content(), columns(upload_card(), how_card())),
            waiting=rx.cond(FeedState.view.id, _content(), card(skeleton(5))),
            on_retry=FeedState.load,
        ),
        question_dialog(),
    )


def _content() -> rx.Component:
    return stack(
        store_choice(),
        refusal_notice(),
        rx.cond(FeedState.view.is_feed, figures()),
        columns(
            stack(
                rx.cond(FeedState.view.is_feed, address_card(), channel_card()),
                rx.cond(FeedState.view.pulls.length() > 0, pulls_card()),
                rx.cond(FeedState.cardless.length() > 0, cardless_card()),
            ),
            stack(
                upload_card(),
                rx.cond(FeedState.view.remarks.length() > 0, remarks_card()),
                rx.cond(FeedState.view.is_feed & FeedState.view.has_session, channel_card()),
            ),
        ),
    )
