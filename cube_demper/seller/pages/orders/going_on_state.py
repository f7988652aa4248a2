"""What goes on with selections: a batch of actions and a file of waybills, followed live."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import NotFound
from cube_demper.core.ids import find_id
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.orders import waybills
from cube_demper.domain.orders.doing import selections
from cube_demper.domain.orders.doing.schemas import BatchView, Request
from cube_demper.domain.orders.doing.selections import Selection
from cube_demper.domain.orders.doing.words import refusal_words
from cube_demper.domain.orders.waybill_schemas import WHY_WORDS, PrintView
from cube_demper.models.doing import ActionKind, LabelLayout, PrintStatus
from cube_demper.ui import session
from cube_demper.ui.format import counted
from cube_demper.ui.guards import guarded
from cube_demper.ui.live import LiveMixin

_ORDERS = ("заказ", "заказа", "заказов")
_OF_ORDERS = ("заказа", "заказов", "заказов")
_NOW = {ActionKind.ACCEPT: "Принимаем", ActionKind.ASSEMBLE: "Собираем"}
_DONE = {ActionKind.ACCEPT: "Приняли", ActionKind.ASSEMBLE: "Собрали"}


@dataclass
class Work:
    """Long work in words. `href`: what it gave; `lines`: what did not come to its end."""

    id: str = ""
    title: str = ""
    text: str = ""
    percent: int = 0
    is_going_on: bool = False
    tone: str = "blue"
    href: str = ""
    lines: list[str] = field(default_factory=list)


class GoingOnState(LiveMixin, rx.State):
    """The last batch and the last file of this tab."""

    batch: Work = Work()
    papers: Work = Work()

    @guarded(Role.USER)
    async def load(self) -> None:
        """Show a batch that goes on, or the one that the address names."""
        services, actor = bootstrap.web(), session.current_actor()
        named = find_id(self.router.url.query_parameters.get("batch", ""))
        async with services.db.read() as tx:
            try:
                found = (
                    await selections.get_batch(tx, actor, named)
                    if named
                    else await selections.find_open_batch(tx, actor, services.clock.now())
                )
            except NotFound:
                found = None
        self.batch = _batch_work(found) if found else Work()

    @guarded(Role.USER)
    async def stop(self) -> None:
        """Take back what has not left yet."""
        services, actor = bootstrap.web(), session.current_actor()
        batch_id = find_id(self.batch.id)
        if batch_id is None:
            return
        async with services.db.write() as tx:
            await selections.stop(tx, actor, batch_id, services.clock.now())
            self.batch = _batch_work(await selections.get_batch(tx, actor, batch_id))

    @guarded(Role.USER)
    async def dismiss(self, which: str) -> None:
        """Put a finished line away."""
        if which == "batch":
            self.batch = Work()
        else:
            self.papers = Work()

    async def _changed(self, _events: list[BrowserEvent]) -> None:
        """Read again what goes on."""
        async with self:
            batch_id = _live_id(self.batch)
            print_id = _live_id(self.papers)
        if batch_id is None and print_id is None:
            return
        actor = session.current_actor()
        async with bootstrap.web().db.read() as tx:
            batch = await selections.get_batch(tx, actor, batch_id) if batch_id else None
            papers = await waybills.get(tx, actor, print_id) if print_id else None
        async with self:
            if batch is not None and self.batch.id == str(batch.id):
                self.batch = _batch_work(batch)
            if papers is not None and self.papers.id == str(papers.id):
                self.papers = _print_work(papers)


async def begin_batch(selection: Selection, request: Request) -> Work:
    """Begin an action on a selection."""
    services, actor = bootstrap.web(), session.current_actor()
    now = services.clock.now()
    async with services.db.write() as tx:
        batch_id = await selections.start(
            tx, actor, selection, request, secrets=services.secrets, now=now
        )
        return _batch_work(await selections.get_batch(tx, actor, batch_id))


async def begin_print(selection: Selection, layout: LabelLayout) -> Work:
    """Begin a file of waybills."""
    services, actor = bootstrap.web(), session.current_actor()
    now = services.clock.now()
    async with services.db.write() as tx:
        print_id = await waybills.start(
            tx, actor, selection, layout, secrets=services.secrets, now=now
        )
        return _print_work(await waybills.get(tx, actor, print_id))


def _live_id(work: Work) -> UUID | None:
    return find_id(work.id) if work.is_going_on else None


def _batch_work(batch: BatchView) -> Work:
    over = batch.total - batch.waiting
    lines = [f"{it.code}: {refusal_words(it.refusal, it.said)}" for it in batch.troubles]
    if batch.waiting:
        title = f"{_NOW[batch.kind]} {counted(batch.total, *_ORDERS)}: готово {batch.done}"
    else:
        title = f"{_DONE[batch.kind]} {batch.done} из {counted(batch.total, *_OF_ORDERS)}"
    parts = []
    if batch.refused:
        parts.append(f"Не получилось: {batch.refused}.")
    if batch.dropped:
        parts.append(f"Остановлено до отправки: {batch.dropped}, эти заказы не изменились.")
    if batch.waiting:
        parts.append("Страницу можно закрыть, работа продолжится.")
    tone = "blue" if batch.waiting else "amber" if batch.refused else "green"
    percent = over * 100 // batch.total
    waiting = batch.waiting > 0
    return Work(str(batch.id), title, " ".join(parts), percent, waiting, tone, "", lines)


def _print_work(papers: PrintView) -> Work:
    lines = [f"{code}: {WHY_WORDS[why]}" for code, why in papers.missing]
    percent = papers.fetched * 100 // max(1, papers.total)
    key = str(papers.id)
    if papers.status is PrintStatus.MAKING:
        title = f"Готовим накладные: {papers.fetched} из {papers.total}"
        return Work(key, title, "", percent, is_going_on=True)
    if papers.status is PrintStatus.FAILED:
        return Work(key, "Накладных пока нет", "", 0, tone="amber", lines=lines)
    sheets = counted(papers.pages, "лист", "листа", "листов")
    title = f"Накладные готовы: {counted(papers.fetched, *_ORDERS)}, {sheets}"
    tone = "amber" if lines else "green"
    href = f"/api/orders/waybills/{key}"
    return Work(key, title, "", 100, tone=tone, href=href, lines=lines)
