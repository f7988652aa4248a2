"""The list of broadcasts: one page of rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import reflex as rx

from cube_demper import bootstrap
from cube_demper.domain.messaging.broadcasts import viewing
from cube_demper.domain.messaging.broadcasts.schemas import BroadcastPage
from cube_demper.seller.pages.whatsapp_broadcasts.rows import BroadcastRow, broadcast_row
from cube_demper.ui import session
from cube_demper.ui.lists import ListMixin, ListView
from cube_demper.ui.query import read_query


@dataclass(frozen=True, slots=True)
class Picture:
    """What was read at one moment."""

    page: BroadcastPage
    now: datetime


class BroadcastsState(ListMixin, rx.State):
    """The list."""

    _concern: ClassVar[frozenset[str]] = frozenset({"broadcast", "whatsapp"})

    rows: list[BroadcastRow] = []
    has_any: bool = True

    def _asked(self) -> int:
        return read_query(self.router.url, sorts=(), filters=()).page

    async def _read(self, asked: int) -> Picture:
        services = bootstrap.web()
        async with services.db.read() as tx:
            page = await viewing.list_broadcasts(tx, session.current_actor(), asked)
        return Picture(page, services.clock.now())

    def _show(self, picture: Picture) -> None:
        page = picture.page
        self.rows = [broadcast_row(it, picture.now) for it in page.rows]
        self.view = ListView(page=page.page, total=page.total)
        self.has_any, self.phase = page.total > 0, "ready"
