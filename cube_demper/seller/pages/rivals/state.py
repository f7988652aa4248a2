"""The list of rivals: one page of rows and how many there are of each behaviour."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.market.rivals.schemas import Behaviour
from cube_demper.seller.pages.rivals.reading import Picture, query_of, read_page
from cube_demper.seller.pages.rivals.rows import RowView, row_view
from cube_demper.ui import session
from cube_demper.ui.format import counted, iso
from cube_demper.ui.live import REREAD, LiveMixin
from cube_demper.ui.loading import PageMixin, loads

_CONCERN = {REREAD, "rivals", "store"}


@dataclass
class ListView:
    """What the page was asked for, as its controls show it."""

    tab: str = ""
    search: str = ""
    sort: str = "-goods"
    page: int = 1
    total: int = 0
    is_narrowed: bool = False


class RivalsState(LiveMixin, PageMixin, rx.State):
    """The list."""

    rows: list[RowView] = []
    view: ListView = ListView()
    counts: dict[str, int] = {}
    summary: str = ""
    counted_at: str = ""
    has_stores: bool = True
    has_rivals: bool = True

    @loads(Role.USER)
    async def load(self) -> None:
        """Read the page that the address asks for."""
        self._show(await read_page(session.current_actor(), query_of(self.router.url)))

    def _show(self, picture: Picture) -> None:
        asked, page = picture.asked, picture.page
        is_one = len(picture.stores) == 1 or asked.store_id is not None
        everybody = sum(page.counts.values())
        self.rows = [row_view(row, with_store=not is_one) for row in page.rows]
        self.view = ListView(
            tab=asked.behaviour,
            search=asked.search,
            sort=f"-{asked.sort}" if asked.is_descending else asked.sort,
            page=page.page,
            total=page.total,
            is_narrowed=bool(asked.search),
        )
        self.counts = {"": everybody, **{it: page.counts.get(it, 0) for it in Behaviour}}
        self.summary = _summary(everybody, page.counts.get(Behaviour.BOT, 0))
        self.counted_at = iso(page.counted_at)
        self.has_stores = bool(picture.stores)
        self.has_rivals = everybody > 0 or bool(asked.search)
        self.phase = "ready"

    async def _changed(self, events: list[BrowserEvent]) -> None:
        """Read again when profiles were counted anew or a rival was left out."""
        if not any(event.kind in _CONCERN for event in events):
            return
        async with self:  # what a background handler sees outside is as old as its last look
            asked = query_of(self.router.url)
        picture = await read_page(session.current_actor(), asked)
        async with self:
            self._show(picture)


def _summary(everybody: int, bots: int) -> str:
    if not everybody:
        return ""
    words = f"{counted(everybody, 'продавец', 'продавца', 'продавцов')} на ваших карточках"
    if bots:
        words += f", {counted(bots, 'похож на бота', 'похожи на ботов', 'похожи на ботов')}"
    return f"{words}. По проверкам за 30 дней в домашнем городе магазина."
