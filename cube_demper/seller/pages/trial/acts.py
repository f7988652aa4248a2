"""Beginning a trial and applying what it suggests."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import InvalidFields, InvalidInput
from cube_demper.core.ids import read_id
from cube_demper.core.money import parse_tenge
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.trial import service as trial
from cube_demper.domain.trial.schemas import Applied
from cube_demper.seller.pages.bot.reading import store_uuid
from cube_demper.seller.pages.trial.rows import ApplyQuestion, question_of
from cube_demper.ui import session, toasts
from cube_demper.ui.format import counted
from cube_demper.ui.guards import FormErrors, guarded


class BeginState(FormErrors, rx.State):
    """The form of floors."""

    @guarded(Role.USER)
    async def begin(self, store_id: str, form: dict[str, Any]) -> Any:
        """Keep the floors of the ticked goods and switch their bots on, to suggest."""
        self.errors = {"form": ""}
        floors = read_floors(form)
        self.is_busy = True
        yield
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            report = await trial.begin(
                tx, actor, store_uuid(store_id), floors, services.clock.now()
            )
        self.is_busy = False
        goods = counted(report.changed, "товара", "товаров", "товаров")
        yield toasts.done(f"Бот включён у {goods}: первые советы через минуту")


class ApplyState(rx.State):
    """Sending suggested prices."""

    question: ApplyQuestion = ApplyQuestion()
    is_busy: bool = False

    @guarded(Role.USER)
    async def apply(self, suggestion_id: str) -> Any:
        """Send one suggested price."""
        return _told(await _apply([suggestion_id]))

    @guarded(Role.USER)
    async def ask_all(self, store_id: str) -> Any:
        """Ask whether to send all that is suggested now, in numbers."""
        services = bootstrap.web()
        async with services.db.read() as tx:
            shown = await trial.suggestions(tx, session.current_actor(), store_uuid(store_id))
        if not shown:
            return toasts.told("Советов больше нет: рынок изменился")
        self.question = question_of(shown)
        return None

    @guarded(Role.USER)
    async def apply_all(self) -> Any:
        """Send what was asked about."""
        self.is_busy = True
        yield
        ids = self.question.ids
        self.question = ApplyQuestion()
        applied = await _apply(ids)
        self.is_busy = False
        yield _told(applied)

    @guarded(Role.USER)
    async def close(self) -> None:
        """Send nothing."""
        self.question, self.is_busy = ApplyQuestion(), False


def read_floors(form: dict[str, Any]) -> dict[UUID, int]:
    """Read the ticked goods with their floors. Raises InvalidFields, naming each product at fault."""
    floors: dict[UUID, int] = {}
    faults: dict[str, str] = {}
    for name, value in form.items():
        kind, _, product_id = name.partition(":")
        if kind != "on" or not value:
            continue
        text = str(form.get(f"floor:{product_id}") or "").strip()
        if not text:
            faults[product_id] = "Задайте мин. цену."
            continue
        try:
            floors[read_id(product_id)] = parse_tenge(text, field=product_id)
        except InvalidInput as error:
            faults |= error.faults
    if faults:
        raise InvalidFields(faults)
    if not floors:
        raise InvalidInput("Отметьте хотя бы один товар.", field="form")
    return floors


async def _apply(ids: list[str]) -> Applied:
    services, actor = bootstrap.web(), session.current_actor()
    wanted = [read_id(it) for it in ids]
    async with services.db.write() as tx:
        return await trial.apply(tx, actor, wanted, services.clock.now())


def _told(applied: Applied) -> rx.event.EventSpec:
    outdated = counted(applied.outdated, "совет устарел", "совета устарели", "советов устарели")
    if not applied.queued:
        return toasts.told(f"{outdated}: рынок изменился. Бот уже проверяет заново")
    words = counted(applied.queued, "цена отправляется", "цены отправляются", "цен отправляются")
    return toasts.done(f"{words} в Kaspi" + (f", {outdated}" if applied.outdated else ""))
