"""«Почему такая цена»: decisions in words, and what the seller can answer to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper.core.errors import NotFound
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.catalog import service as catalog
from cube_demper.seller.pages.product.entries import EntryView
from cube_demper.seller.pages.product.reading import PAGE_OF_LOG, Log, read_log, write
from cube_demper.seller.pages.products.address import product_of
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import guarded


class LogState(rx.State):
    """The decisions shown."""

    entries: list[EntryView] = []
    kind: str = "changes"
    has_more: bool = False
    is_read: bool = False
    waits: str = ""
    _last: tuple[datetime, UUID] | None = None

    @guarded(Role.USER)
    async def load(self) -> None:
        """Read the newest decisions."""
        self.entries, self.is_read, self.has_more, self.waits = [], False, False, ""
        product_id = product_of(self.router.url)
        if product_id is not None:
            await self._read_again(session.current_actor(), product_id)

    @guarded(Role.USER)
    async def choose(self, kind: str) -> None:
        """Show changes only, or every decision."""
        self.kind = "all" if kind == "all" else "changes"
        self.entries = []
        product_id = product_of(self.router.url)
        if product_id is not None:
            await self._read_again(session.current_actor(), product_id)

    @guarded(Role.USER)
    async def more(self) -> None:
        """Read older decisions."""
        product_id = product_of(self.router.url)
        if product_id is None or self._last is None:
            return
        log = await read_log(
            session.current_actor(), product_id, only_changes=self._only_changes, before=self._last
        )
        self._show(log, [*self.entries, *log.entries])

    @guarded(Role.USER)
    async def apply_suggestion(self, history_id: str) -> Any:
        """Send the price that the bot suggests."""
        await write(catalog.apply_suggestion, session.current_actor(), UUID(history_id))
        return toasts.done("Цена поставлена в очередь на отправку")

    @property
    def _only_changes(self) -> bool:
        return self.kind == "changes"

    async def _read_again(self, actor: Actor, product_id: UUID) -> None:
        count = max(PAGE_OF_LOG, len(self.entries))
        try:
            log = await read_log(actor, product_id, only_changes=self._only_changes, count=count)
        except NotFound:
            return  # the page itself says that there is no such product
        self._show(log, log.entries)

    def _show(self, log: Log, entries: list[EntryView]) -> None:
        self.entries, self.has_more, self.is_read = entries, log.has_more, True
        self.waits = log.waits
        self._last = log.last or self._last
