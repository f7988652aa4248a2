"""Goods that a plan decides about: who keeps the bot, who does not, where prices freeze if it is not paid."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.billing import goods, subscribing, viewing
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.list_schemas import Selection
from cube_demper.models.billing import Landing
from cube_demper.seller.pages.billing.goods_rows import (
    ChoiceRow,
    GoodsRow,
    choice_rows,
    goods_row,
    landing_words,
    risk_row,
)
from cube_demper.seller.pages.billing.words import OF_GOODS
from cube_demper.ui import session, toasts
from cube_demper.ui.format import counted, number
from cube_demper.ui.guards import guarded
from cube_demper.ui.loading import PageMixin, loads
from cube_demper.ui.query import read_query


@dataclass
class GoodsList:
    """The list that is shown. `kind`: "losing", "keeping" or "risk"; "" shows none."""

    kind: str = ""
    page: int = 1
    total: int = 0
    losing: int = 0
    keeping: int = 0
    risk: int = 0


@dataclass
class SortOut:
    """The question before the bots that do not fit are switched off."""

    is_open: bool = False
    title: str = ""
    verb: str = ""


@dataclass(frozen=True, slots=True)
class _Read:
    shown: GoodsList
    rows: list[GoodsRow] = field(default_factory=list)
    choices: list[ChoiceRow] = field(default_factory=list)
    landing: str = ""


class GoodsState(PageMixin, rx.State):
    """The lists of goods and the choice of the landing."""

    shown: GoodsList = GoodsList()
    rows: list[GoodsRow] = []
    choices: list[ChoiceRow] = []
    landing: str = ""
    question: SortOut = SortOut()
    is_busy: bool = False

    @loads(Role.USER)
    async def load(self) -> None:
        """Read the list that the address asks for."""
        await self._again()

    @guarded(Role.USER)
    async def choose_landing(self, code: str) -> Any:
        """Say where prices freeze when the plan is not paid."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            await subscribing.choose_landing(
                tx, session.current_actor(), Landing(code), services.clock.now()
            )
        await self._again()
        return toasts.done(f"Запомнили: {landing_words(code)}")

    @guarded(Role.USER)
    async def ask(self) -> None:
        """Say how many bots will be switched off."""
        count = self.shown.losing
        words = counted(count, *OF_GOODS)
        self.question = SortOut(True, f"Выключить бота у {words}?", f"Выключить у {number(count)}")

    @guarded(Role.USER)
    async def close(self) -> None:
        """Leave everything as it is."""
        self.question = SortOut()

    @guarded(Role.USER)
    async def sort_out(self) -> Any:
        """Switch off the bots that do not fit."""
        if not self.question.is_open:  # the second press of two
            return None
        services, actor = bootstrap.web(), session.current_actor()
        now = services.clock.now()
        async with services.db.write() as tx:
            limit = (await viewing.usage(tx, actor, now)).bot_limit
            ids = await goods.ids_losing_bot(tx, actor, limit)
            selection = Selection(ids=ids)
            report = await catalog.switch_bot(tx, actor, selection, on=False, now=now)
        self.question = SortOut()
        await self._again()
        return toasts.done(f"Бот выключен у {counted(report.changed, *OF_GOODS)}")

    async def _again(self) -> None:
        asked = read_query(self.router.url, sorts=(), filters=("goods",))
        found = await _read(asked.filters.get("goods", ""), asked.page)
        self.shown, self.rows = found.shown, found.rows
        self.choices, self.landing = found.choices, found.landing
        self.phase = "ready"


async def _read(kind: str, page: int) -> _Read:
    services, actor = bootstrap.web(), session.current_actor()
    now = services.clock.now()
    async with services.db.read() as tx:
        used = await viewing.usage(tx, actor, now)
        standing = await viewing.standing(tx, actor, now)
        effects = await goods.landing_effects(tx, actor)
        shown = GoodsList(
            kind=kind if kind in {"losing", "keeping", "risk"} else "losing" if used.over else "",
            losing=used.over,
            keeping=used.bots - used.over,
            risk=effects[standing.landing].at_risk,
        )
        rows: list[GoodsRow] = []
        if standing.landed_at is not None:
            shown.risk = await goods.count_landed(tx, actor)
        if shown.kind == "risk":
            if standing.landed_at is not None:
                found, shown.page = await goods.landed(tx, actor, page, shown.risk)
            else:
                choice = standing.landing
                found, shown.page = await goods.at_risk(tx, actor, choice, page, shown.risk)
            rows, shown.total = [risk_row(*it, now) for it in found], shown.risk
        elif shown.kind:
            reading = goods.keeping_bot if shown.kind == "keeping" else goods.losing_bot
            listed = await reading(tx, actor, used.bot_limit, page)
            rows, shown.page = [goods_row(it, now) for it in listed.rows], listed.page
            shown.total = listed.total
    return _Read(shown, rows, choice_rows(effects), standing.landing)
