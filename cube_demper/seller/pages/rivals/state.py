"""The list of rivals: one page of rows and how many there are of each behaviour."""

from __future__ import annotations

from typing import ClassVar

import reflex as rx

from cube_demper.domain.market.rivals.page_schemas import RivalQuery
from cube_demper.domain.market.rivals.schemas import Behaviour
from cube_demper.seller.pages.rivals.reading import Picture, query_of, read_page
from cube_demper.seller.pages.rivals.rows import RowView, row_view
from cube_demper.ui import session
from cube_demper.ui.format import counted, iso
from cube_demper.ui.lists import ListMixin, ListView, view_of


class RivalsState(ListMixin, rx.State):
    """The list."""

    _concern: ClassVar[frozenset[str]] = frozenset({"rivals", "store"})

    rows: list[RowView] = []
    view: ListView = ListView(sort="-goods")
    summary: str = ""
    counted_at: str = ""
    has_stores: bool = True
    has_rivals: bool = True

    def _asked(self) -> RivalQuery:
        return query_of(self.router.url)

    async def _read(self, asked: RivalQuery) -> Picture:
        return await read_page(session.current_actor(), asked)

    def _show(self, picture: Picture) -> None:
        asked, page = picture.asked, picture.page
        is_one = len(picture.stores) == 1 or asked.store_id is not None
        everybody = sum(page.counts.values())
        self.rows = [row_view(row, with_store=not is_one) for row in page.rows]
        self.view = view_of(asked, page, tab=asked.behaviour, is_narrowed=bool(asked.search))
        self.counts = {"": everybody, **{it: page.counts.get(it, 0) for it in Behaviour}}
        self.summary = _summary(everybody, page.counts.get(Behaviour.BOT, 0))
        self.counted_at = iso(page.counted_at)
        self.has_stores = bool(picture.stores)
        self.has_rivals = everybody > 0 or bool(asked.search)
        self.phase = "ready"


def _summary(everybody: int, bots: int) -> str:
    if not everybody:
        return ""
    words = f"{counted(everybody, 'продавец', 'продавца', 'продавцов')} на ваших карточках"
    if bots:
        words += f", {counted(bots, 'похож на бота', 'похожи на ботов', 'похожи на ботов')}"
    return f"{words}. По проверкам за 30 дней в домашнем городе магазина."
