"""The banner over a store's pages: it waits for its seller, or its sign-in renews itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from cube_demper.domain.stores.refreshing import Refresh
from cube_demper.domain.stores.schemas import StoreBot
from cube_demper.seller import texts
from cube_demper.seller.navigation import CONNECT
from cube_demper.ui.actions import link_button
from cube_demper.ui.format import moment
from cube_demper.ui.i18n import tr
from cube_demper.ui.placeholders import notice


@dataclass
class StoreOption:
    """A store in the switcher. `sign_in`: "" when all is well, "needed", "now", "later" or "stuck".

    `retry`: when its sign-in is tried again, in words, for "later".
    """

    id: str = ""
    name: str = ""
    sign_in: str = ""
    retry: str = ""


def option_of(store: StoreBot, refresh: Refresh | None) -> StoreOption:
    """Return a store with what its banner says."""
    code = "" if not store.needs_reauth else "needed" if refresh is None else refresh.state.value
    retry = moment(refresh.retry_at) if refresh and refresh.retry_at else ""
    return StoreOption(str(store.id), store.name, code, retry)


def sign_in_notice(item: Any) -> rx.Component:
    """Say what is with a store's sign-in; nothing when all is well."""
    store: StoreOption = item
    enter = link_button(tr(texts.SIGN_IN), f"{CONNECT}?store={store.id}", kind="primary", size="s")
    return rx.match(
        store.sign_in,
        (
            "needed",
            notice(
                tr(texts.SIGNED_OUT, name=store.name), tr(texts.SIGNED_OUT_WHY), enter, tone="red"
            ),
        ),
        ("now", notice(tr(texts.REFRESHING, name=store.name), tr(texts.REFRESHING_WHY))),
        (
            "later",
            notice(
                tr(texts.REFRESH_LATER, name=store.name, at=store.retry),
                tr(texts.REFRESH_LATER_WHY),
                enter,
                tone="amber",
            ),
        ),
        (
            "stuck",
            notice(
                tr(texts.REFRESH_STUCK, name=store.name), tr(texts.REFRESH_STUCK_WHY), tone="amber"
            ),
        ),
        rx.fragment(),
    )
