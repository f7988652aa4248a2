"""Says over the page that a change waits because Kaspi takes no more now."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.product.log_state import LogState
from cube_demper.seller.pages.product.state import ProductState
from cube_demper.ui.actions import link_button
from cube_demper.ui.i18n import tr
from cube_demper.ui.placeholders import notice


def queue_notice() -> rx.Component:
    """Show the product's place in the queue."""
    return rx.cond(
        LogState.waits,
        notice(
            LogState.waits,
            tr("Изменений больше, чем принимает Kaspi: самые выгодные уходят первыми."),
            link_button(
                tr("Что поможет"),
                "/bot?store=" + ProductState.card.store_id,
                size="s",
            ),
            tone="amber",
        ),
    )
