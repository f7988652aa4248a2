"""«Мин. цена при марже 10 %» for a selection: shown as a diff, written to the bot only after a yes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import InvalidInput
from cube_demper.core.ids import find_id
from cube_demper.core.money import format_tenge
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.edit_schemas import (
    REFUSAL_WORDS,
    BulkReport,
    MarginChange,
)
from cube_demper.domain.catalog.list_schemas import Selection
from cube_demper.domain.economics.shop import service as shop
from cube_demper.seller.pages.economics.address import query_of
from cube_demper.seller.pages.economics.state import EconomicsState
from cube_demper.seller.pages.products.words import goods, of_goods
from cube_demper.ui import session, toasts
from cube_demper.ui.format import number, signed_tenge
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.selection import clear_selection


@dataclass
class Move:
    """One product of the diff."""

    name: str
    old: str
    new: str
    change: str


@dataclass
class Kept:
    """Goods that stay as they are, and why."""

    title: str
    names: str


@dataclass
class Preview:
    """What would change."""

    is_known: bool = False
    can_apply: bool = False
    title: str = ""
    rest: str = ""
    moves: list[Move] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)


class FloorsState(FormErrors, rx.State):
    """The dialog: a margin, then the diff, then it is done."""

    is_open: bool = False
    subject: str = ""
    preview: Preview = Preview()
    _ids: list[str] = []
    _change: MarginChange | None = None
    _plan: str = ""

    @guarded(Role.USER)
    async def open(self, ids: list[str], everything: bool) -> None:
        """Ask for the margin, for rows that are ticked or for all under the filter."""
        actor = session.current_actor()
        chosen = await self._everything(actor) if everything else ids
        if not chosen:
            raise InvalidInput("Под этим фильтром нет товаров.")
        self._ids = [str(it) for it in chosen]
        self.subject = f"Для {of_goods(len(chosen))}"
        self.errors, self.preview, self._change = {}, Preview(), None
        self.is_open = True

    async def _everything(self, actor: Actor) -> list[str]:
        services = bootstrap.web()
        async with services.db.read() as tx:
            asked = query_of(self.router.url)
            found = await shop.ids_under(tx, actor, asked, services.clock.now())
        return [str(it) for it in found]

    @guarded(Role.USER)
    async def count(self, form: dict[str, Any]) -> None:
        """Work the floors out and show them beside those that hold."""
        self.errors = {}
        self._change = _read(form)
        services = bootstrap.web()
        async with services.db.read() as tx:
            report = await catalog.preview_bulk(
                tx, session.current_actor(), self._chosen(), self._change, services.clock.now()
            )
        self._plan, self.preview = report.plan, preview_of(report)

    @guarded(Role.USER)
    async def apply(self) -> Any:
        """Write what was shown, all of it or nothing."""
        if self._change is None:
            return
        self.is_busy = True
        yield
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            now, goods_ = services.clock.now(), self._chosen()
            done = await catalog.bulk_change(tx, actor, goods_, self._change, now, plan=self._plan)
        self.is_open, self.is_busy = False, False
        yield clear_selection()
        if done.undo_id is not None:
            words = f"Мин. цена задана у {of_goods(done.changed)}"
            yield toasts.undo(words, FloorsState.undo(str(done.undo_id)))
        yield EconomicsState.refresh

    @guarded(Role.USER)
    async def undo(self, undo_id: str) -> Any:
        """Give the goods their former min. prices."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            now = services.clock.now()
            count = await catalog.undo(tx, session.current_actor(), UUID(undo_id), now)
        yield toasts.done(f"Вернули как было у {of_goods(count)}")
        yield EconomicsState.refresh

    @guarded(Role.USER)
    async def change_again(self) -> None:
        """Go back from the diff to the margin."""
        self.preview = Preview()

    @guarded(Role.USER)
    async def close(self) -> None:
        """Change nothing."""
        self.is_open, self.is_busy = False, False

    def _chosen(self) -> Selection:
        return Selection(ids=tuple(it for text in self._ids if (it := find_id(text))))


def _read(form: dict[str, Any]) -> MarginChange:
    text = str(form.get("floor_margin", "")).strip().removesuffix("%").strip()
    if not text.isdecimal() or len(text) > 2:
        raise InvalidInput("Введите целый процент, например 10.", field="percent")
    return MarginChange(
        int(text),
        only_blank=form.get("floor_only_blank") in {"on", True},
        only_up=form.get("floor_only_up") in {"on", True},
    )


def preview_of(report: BulkReport) -> Preview:
    """Put a report into words: the diff first, then what stays and why."""
    kept = [
        Kept(
            f"{number(count)}: {REFUSAL_WORDS[reason]}",
            ", ".join(it.name for it in report.examples if it.reason is reason),
        )
        for reason, count in report.refused.items()
    ]
    if report.same:
        kept.insert(0, Kept(f"{number(report.same)}: мин. цена уже такая", ""))
    if not report.changed:
        return Preview(True, False, "Ничего не изменится", kept=kept)
    rest = report.changed - len(report.moves)
    return Preview(
        is_known=True,
        can_apply=True,
        title=f"Мин. цена изменится у {of_goods(report.changed)}",
        rest=f"и ещё {goods(rest)}" if rest > 0 else "",
        moves=[
            Move(
                it.name,
                format_tenge(it.old) if it.old else "нет",
                format_tenge(it.new),
                signed_tenge((it.new or 0) - it.old) if it.old else "",
            )
            for it in report.moves
        ],
        kept=kept,
    )
