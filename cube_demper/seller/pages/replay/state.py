"""The newest replay of many goods: begun, watched, cancelled."""

from __future__ import annotations

import asyncio
from typing import Any

import plotly.graph_objects as go
import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.replay import service as replays
from cube_demper.seller.pages.bot.merchants_state import MerchantsState
from cube_demper.seller.pages.bot.reading import store_uuid
from cube_demper.seller.pages.replay.figure import spread_figure, spread_words
from cube_demper.seller.pages.replay.reading import (
    Picture,
    chosen_goods,
    listed_today,
    read_picture,
)
from cube_demper.seller.pages.replay.rows import GoodRow, Run, good_row, run_of
from cube_demper.seller.pages.replay.rule import read_rule
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.live import REREAD, LiveMixin
from cube_demper.ui.loading import PageMixin, loads

_PAUSE = 1.0


class RunState(FormErrors, LiveMixin, PageMixin, rx.State):
    """What the page shows."""

    stores: list[dict[str, str]] = []
    store_id: str = ""
    run: Run = Run()
    rows: list[GoodRow] = []
    figure: go.Figure | None = None
    caption: str = ""

    @loads(Role.USER)
    async def load(self) -> None:
        """Read the run that the address asks for, else the newest."""
        self.errors, self.is_busy = {}, False
        self._show(await read_picture(self._asked()))

    @guarded(Role.USER)
    async def name_merchants(self) -> Any:
        """Fill the lists of merchants with those of the store."""
        if self.store_id:
            return MerchantsState.fill(self.store_id)
        return None

    @guarded(Role.USER)
    async def begin(self, form: dict[str, Any]) -> Any:
        """Have the worker replay the rule of the form over all goods of a store."""
        self.errors = {"form": ""}
        services, days = bootstrap.web(), str(form.get("days") or "7")
        actor, store_id = session.current_actor(), store_uuid(str(form.get("store") or ""))
        async with services.db.read() as tx:
            rule, store_rule = read_rule(form, await listed_today(tx, actor, store_id))
        self.is_busy = True
        yield
        async with services.db.write() as tx:
            goods = await chosen_goods(tx, actor, store_id, str(form.get("goods") or ""))
            await replays.begin_run(
                tx,
                actor,
                store_id,
                rule,
                product_ids=goods,
                days=int(days) if days.isdecimal() else 0,
                now=services.clock.now(),
                store_rule=store_rule,
            )
        self.is_busy = False
        yield rx.redirect("/bot/replay")

    @guarded(Role.USER)
    async def cancel(self) -> Any:
        """Stop the run; what is done of it stays."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            actor, now = session.current_actor(), services.clock.now()
            await replays.cancel_run(tx, actor, read_id(self.run.id), now)
        return toasts.done("Проверка остановлена. Посчитанное осталось")

    def _asked(self) -> str:
        return self.router.url.query_parameters.get("run", "")

    def _show(self, picture: Picture) -> None:
        self.stores = [{"value": str(it.id), "label": it.name} for it in picture.stores]
        asked = self.router.url.query_parameters.get("store", "")
        known = {it["value"] for it in self.stores}
        self.store_id = asked if asked in known else next(iter(known), "")
        has_run = picture.run is not None and picture.sums is not None
        self.run = run_of(picture.run, picture.sums) if has_run else Run()  # type: ignore[arg-type]
        self.rows = [good_row(it) for it in picture.rows]
        spread = picture.spread
        self.caption = spread_words(spread) if spread and sum(spread.real) else ""
        if spread and self.caption:
            self.figure = spread_figure(spread)
        self.phase = "ready"

    async def _changed(self, events: list[BrowserEvent]) -> None:
        if not any(it.kind in {"replay", "store", REREAD} for it in events):
            return
        async with self:  # what a background handler sees outside is as old as its last look
            asked = self._asked()
        picture = await read_picture(asked)
        async with self:
            self._show(picture)
        await asyncio.sleep(_PAUSE)
