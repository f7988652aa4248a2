"""The price list of one store: read when the page opens and when something of it changes."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.feed import service as feed
from cube_demper.seller.pages.bot.reading import asked_store
from cube_demper.seller.pages.feed.import_state import ImportState
from cube_demper.seller.pages.feed.reading import Picture, read_picture
from cube_demper.seller.pages.feed.rows import Cardless, StoreFeedView
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.live import REREAD, LiveMixin
from cube_demper.ui.loading import PageMixin, loads

_CONCERN = {REREAD, "store", "product"}


class FeedState(FormErrors, LiveMixin, PageMixin, rx.State):
    """What is shown of the store's file."""

    view: StoreFeedView = StoreFeedView()
    cardless: list[Cardless] = []
    stores: list[tuple[str, str]] = []

    @loads(Role.USER)
    async def load(self) -> None:
        """Read the store that the address asks for."""
        self._show(await read_picture(asked_store(self.router.url)))

    @guarded(Role.USER)
    async def give_card(self, form: dict[str, Any]) -> Any:
        """Tell the card of a product that has none."""
        self.errors = {}
        services, actor = bootstrap.web(), session.current_actor()
        product_id, text = str(form.get("product_id", "")), str(form.get("card", ""))
        now = services.clock.now()
        async with services.db.write() as tx:
            await feed.give_card(tx, actor, read_id(product_id), text, now)
        self._show(await read_picture(asked_store(self.router.url)))
        return toasts.done("Карточка записана: бот посмотрит на неё при ближайшей проверке.")

    def _show(self, picture: Picture) -> None:
        self.view = picture.view
        self.cardless = picture.cardless
        self.stores = picture.stores
        self.phase = "ready"

    async def _changed(self, events: list[BrowserEvent]) -> Any:
        """Read again when the file was taken, a list was taken in or a price went its way."""
        if any(event.kind in _CONCERN for event in events):
            async with self:
                asked = asked_store(self.router.url)
            picture = await read_picture(asked)
            async with self:
                self._show(picture)
        if any(event.kind in (REREAD, "feed_import") for event in events):
            return ImportState.load
        return None
