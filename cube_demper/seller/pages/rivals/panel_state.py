"""One rival in full, and leaving it out of account: asked first, and taken back with one press."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.market.rivals import service as rivals
from cube_demper.domain.market.rivals.page_schemas import RivalRow
from cube_demper.domain.stores import service as stores
from cube_demper.seller.pages.rivals.reading import read_detail
from cube_demper.seller.pages.rivals.rows import PanelView, name_of
from cube_demper.ui import session, toasts
from cube_demper.ui.format import counted
from cube_demper.ui.guards import guarded


@dataclass
class Captions:
    """The sentences under the charts."""

    duel: str = ""
    delays: str = ""
    hours: str = ""


@dataclass
class Question:
    """What is asked before it happens; `product_id` is empty for the whole store."""

    is_open: bool = False
    product_id: str = ""
    title: str = ""
    text: str = ""


class PanelState(rx.State):
    """The panel beside the list."""

    panel: PanelView = PanelView()
    duel: go.Figure | None = None
    delays: go.Figure | None = None
    hours: go.Figure | None = None
    captions: Captions = Captions()
    question: Question = Question()
    is_busy: bool = False

    @guarded(Role.USER)
    async def open(self, rival_id: str) -> None:
        """Read one rival and show it."""
        await self._read(rival_id)

    @guarded(Role.USER)
    async def close(self) -> None:
        """Put the panel away."""
        self.panel, self.question = PanelView(), Question()

    @guarded(Role.USER)
    async def ask(self, product_id: str) -> None:
        """Ask whether to leave the rival out: on one product, or in the whole store."""
        name = self.panel.name
        if product_id:
            places = [it.name for it in self.panel.places if it.id == product_id]
            where = f"на товаре «{places[0]}»" if places else "на этом товаре"
        else:
            where = f"на всех товарах магазина «{self.panel.store}»"
        self.question = Question(
            is_open=True,
            product_id=product_id,
            title=f"Не учитывать «{name}»?",
            text=(
                f"Бот перестанет отвечать этому продавцу {where}. Если он станет дешевле вас, бот"
                " этого не заметит. Вернуть можно в любой момент."
            ),
        )

    @guarded(Role.USER)
    async def dismiss(self) -> None:
        """Change nothing."""
        self.question, self.is_busy = Question(), False

    @guarded(Role.USER)
    async def confirm(self) -> Any:
        """Leave the rival out."""
        asked, rival_id, self.is_busy = self.question, self.panel.id, True
        yield
        rival = await _set_excluded(rival_id, asked.product_id, is_excluded=True)
        self.question, self.is_busy = Question(), False
        undo = PanelState.include(rival_id, asked.product_id)
        yield toasts.undo(f"«{name_of(rival.profile)}» больше не учитывается", undo)
        await self._read(rival_id)

    @guarded(Role.USER)
    async def include(self, rival_id: str, product_id: str) -> Any:
        """Take the rival into account again."""
        rival = await _set_excluded(rival_id, product_id, is_excluded=False)
        if self.panel.id == rival_id:
            await self._read(rival_id)
        return toasts.done(f"«{name_of(rival.profile)}» снова учитывается")

    @guarded(Role.USER)
    async def follow(self, rival_id: str, is_followed: bool) -> Any:
        """Have the store's bot look at chosen rivals only, this one among them; or take it off the list."""
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            rival = await rivals.get_rival(tx, actor, read_id(rival_id))
            change = stores.follow_only if is_followed else stores.unfollow
            merchant, now = rival.profile.merchant_id, services.clock.now()
            touched = await change(tx, actor, rival.store_id, merchant, now)
        if self.panel.id == rival_id:
            await self._read(rival_id)
        goods = counted(touched, "товар", "товара", "товаров")
        words = "среди тех, на кого смотрит бот" if is_followed else "больше не среди выбранных"
        undo = PanelState.follow(rival_id, not is_followed)
        return toasts.undo(f"«{name_of(rival.profile)}» {words}. Проверим {goods}", undo)

    async def _read(self, rival_id: str) -> None:
        found = await read_detail(session.current_actor(), rival_id)
        self.panel, self.duel = found.panel, found.duel
        self.delays, self.hours = found.delays, found.hours
        self.captions = Captions(found.duel_caption, found.delays_caption, found.hours_caption)


async def _set_excluded(rival_id: str, product_id: str, *, is_excluded: bool) -> RivalRow:
    services, actor = bootstrap.web(), session.current_actor()
    now = services.clock.now()
    async with services.db.write() as tx:
        rival = await rivals.get_rival(tx, actor, read_id(rival_id))
        merchant = rival.profile.merchant_id
        if product_id:
            change = catalog.exclude_rival if is_excluded else catalog.include_rival
            await change(tx, actor, read_id(product_id), merchant, now)
        else:
            change_store = stores.exclude_rival if is_excluded else stores.include_rival
            await change_store(tx, actor, rival.store_id, merchant, now)
    return rival
