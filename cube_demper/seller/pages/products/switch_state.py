"""The bot's switch of a row and of a selection, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import InvalidInput
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.edit_schemas import REFUSAL_WORDS, BulkReport
from cube_demper.domain.catalog.list_schemas import Selection
from cube_demper.domain.catalog.steps import OnProgress
from cube_demper.seller.pages.products.address import filter_of
from cube_demper.seller.pages.products.progress import Cancelled, LongWork, Progress
from cube_demper.seller.pages.products.words import goods, of_goods, refusal_lines
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import guarded
from cube_demper.ui.selection import unselect


@dataclass
class Question:
    """A confirmation: what will happen, in numbers."""

    is_open: bool = False
    title: str = ""
    text: str = ""
    verb: str = ""
    lines: list[str] = field(default_factory=list)
    is_on: bool = True


class SwitchState(LongWork, rx.State):
    """Switching bots."""

    question: Question = Question()
    is_busy: bool = False
    _selection: Selection = Selection()

    @guarded(Role.USER)
    async def toggle(self, product_id: str, on: bool) -> Any:
        """Switch one bot at once; it can be taken back."""
        selection = Selection(ids=(UUID(product_id),))
        report = await _switch(selection, on=on)
        if report.refused:
            reason = next(iter(report.refused))
            return toasts.failed(f"Бот не включён: {REFUSAL_WORDS[reason]}.")
        words = "Бот включён" if on else "Бот выключен. Цена останется такой, как сейчас"
        return _with_undo(report, words)

    @guarded(Role.USER)
    async def ask(self, ids: list[str], everything: bool, on: bool) -> None:
        """Say what switching the selection will do, before it is done."""
        self._selection = chosen(ids, filter_of(self.router.url) if everything else None)
        services = bootstrap.web()
        async with services.db.read() as tx:
            report = await catalog.preview_switch(
                tx, session.current_actor(), self._selection, on=on, now=services.clock.now()
            )
        self.question = _question(report, on=on)

    @guarded(Role.USER, background=True)
    async def confirm(self) -> Any:
        """Do what was asked; leaving the page does not stop it, cancelling does."""
        async with self:
            if self.is_busy or not self.question.verb:
                return
            selection, on = self._selection, self.question.is_on
            self.is_busy, self._is_cancelled = True, False
        try:
            report = await _switch(selection, on=on, on_progress=self._tell)
        except Cancelled as why:
            yield toasts.told(str(why))
            return
        finally:
            async with self:
                self._shut()
        yield unselect()
        yield _with_undo(
            report, f"Бот {'включён' if on else 'выключен'} у {of_goods(report.changed)}"
        )

    @guarded(Role.USER)
    async def close(self) -> None:
        """Leave everything as it is; what is being switched now is taken back."""
        if self.is_busy:
            self._is_cancelled = True
        else:
            self._shut()

    def _shut(self) -> None:
        self.question, self.is_busy, self.progress = Question(), False, Progress()

    @guarded(Role.USER)
    async def undo(self, undo_id: str) -> Any:
        """Take back a switch or a bulk change."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            count = await catalog.undo(
                tx, session.current_actor(), UUID(undo_id), services.clock.now()
            )
        return toasts.done(f"Вернули как было: {goods(count)}")


def chosen(ids: list[str], everything: Any) -> Selection:
    """Read a selection that came from the browser."""
    try:
        return Selection(ids=tuple(UUID(it) for it in ids), everything=everything)
    except ValueError:
        raise InvalidInput("Выделение устарело. Отметьте товары заново.") from None


async def _switch(
    selection: Selection, *, on: bool, on_progress: OnProgress | None = None
) -> BulkReport:
    services, actor = bootstrap.web(), session.current_actor()
    async with services.db.write() as tx:
        return await catalog.switch_bot(
            tx, actor, selection, on=on, now=services.clock.now(), on_progress=on_progress
        )


def _question(report: BulkReport, *, on: bool) -> Question:
    if not report.changed:
        title = "Включать нечего" if on else "Бот и так выключен"
        text = "Ни один из выбранных товаров не изменится."
    elif on:
        title = f"Включить бота у {of_goods(report.changed)}?"
        text = "Бот начнёт с текущих цен и не выйдет за ваши границы."
    else:
        title = f"Выключить бота у {of_goods(report.changed)}?"
        text = "Цены останутся такими, как сейчас. То, что ждёт отправки, не уйдёт."
    lines = refusal_lines(report)
    if report.same:
        lines = [f"{goods(report.same)} уже {'с ботом' if on else 'без бота'}", *lines]
    verb = "" if not report.changed else "Включить" if on else "Выключить"
    return Question(True, title, text, verb, lines, on)


def _with_undo(report: BulkReport, words: str) -> Any:
    if report.undo_id is None:
        return None
    return toasts.undo(words, SwitchState.undo(str(report.undo_id)))
