"""Questions about a selection of orders: what will happen, in numbers, before it does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import InvalidInput
from cube_demper.core.ids import find_id
from cube_demper.core.money import format_tenge
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.orders import waybills
from cube_demper.domain.orders.doing import selections
from cube_demper.domain.orders.doing.schemas import BulkCount, Request
from cube_demper.domain.orders.doing.selections import Selection
from cube_demper.domain.orders.doing.words import SHORT
from cube_demper.models.doing import ActionKind, LabelLayout
from cube_demper.seller.pages.orders.doing_state import spaces_of
from cube_demper.seller.pages.orders.going_on_state import GoingOnState, begin_batch, begin_print
from cube_demper.seller.pages.orders.reading import query_of
from cube_demper.seller.pages.orders.state import OrdersState
from cube_demper.ui import session
from cube_demper.ui.format import counted
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.selection import unselect

_ORDERS = ("заказ", "заказа", "заказов")
_VERBS = {ActionKind.ACCEPT: "Принять", ActionKind.ASSEMBLE: "Собрать"}
PRINT = "print"


@dataclass
class SelectionQuestion:
    """The dialog about a selection. `kind`: an ActionKind, or PRINT; `verb` "": nothing fits."""

    kind: str = ""
    title: str = ""
    text: str = ""
    verb: str = ""
    lines: list[str] = field(default_factory=list)


class SelectionState(FormErrors, rx.State):
    """Actions on what is chosen in the list, or on the order in the panel."""

    question: SelectionQuestion = SelectionQuestion()
    _selection: Selection = Selection()

    @guarded(Role.USER)
    async def ask(self, kind: str, ids: list[str], everything: bool) -> None:
        """Count what an action would do to the selection."""
        if kind not in selections.IN_BULK:
            raise InvalidInput("Это делается с каждым заказом отдельно.")
        self._selection = _chosen(ids, query_of(self.router.url) if everything else None)
        self.errors = {}
        services = bootstrap.web()
        async with services.db.read() as tx:
            count = await selections.count(
                tx,
                session.current_actor(),
                self._selection,
                ActionKind(kind),
                secrets=services.secrets,
            )
        self.question = _question(ActionKind(kind), count)

    @guarded(Role.USER)
    async def ask_print(self, ids: list[str], everything: bool) -> None:
        """Ask on which paper the waybills go."""
        self._selection = _chosen(ids, query_of(self.router.url) if everything else None)
        await self._count_waybills()

    @guarded(Role.USER)
    async def ask_print_one(self) -> None:
        """The same for the order in the panel."""
        panel = (await self.get_state(OrdersState)).panel
        self._selection = _chosen([panel.id], None)
        await self._count_waybills()

    @guarded(Role.USER)
    async def confirm(self, form: dict[str, Any]) -> Any:
        """Do what was asked."""
        self.errors = {}
        going_on = await self.get_state(GoingOnState)
        if self.question.kind == PRINT:
            going_on.papers = await begin_print(self._selection, _layout(form))
        else:
            kind = ActionKind(self.question.kind)
            spaces = spaces_of(form) if kind is ActionKind.ASSEMBLE else None
            going_on.batch = await begin_batch(self._selection, Request(kind, spaces=spaces))
        self.question = SelectionQuestion()
        yield unselect()

    @guarded(Role.USER)
    async def close(self) -> None:
        """Leave everything as it is."""
        self.question, self.errors = SelectionQuestion(), {}

    async def _count_waybills(self) -> None:
        services, actor = bootstrap.web(), session.current_actor()
        self.errors = {}
        async with services.db.read() as tx:
            ready, total = await waybills.count(
                tx, actor, self._selection, secrets=services.secrets
            )
        self.question = _print_question(ready, total)


def _chosen(ids: list[str], everything: Any) -> Selection:
    found = [find_id(it) for it in ids]
    return Selection(tuple(it for it in found if it is not None), everything)


def _layout(form: dict[str, Any]) -> LabelLayout:
    chosen = str(form.get("layout", ""))
    if chosen not in tuple(LabelLayout):
        raise InvalidInput("Выберите бумагу", field="layout")
    return LabelLayout(chosen)


def _question(kind: ActionKind, count: BulkCount) -> SelectionQuestion:
    verb = _VERBS[kind]
    lines = [f"{counted(number, *_ORDERS)}: {SHORT[why]}" for why, number in count.left_out]
    if count.going_on:
        lines.append(f"{counted(count.going_on, *_ORDERS)}: уже идёт другое действие")
    if not count.fit:
        title = "Принимать нечего" if kind is ActionKind.ACCEPT else "Собирать нечего"
        return SelectionQuestion(kind, title, "Ни один заказ не изменится.", "", lines)
    title = f"{verb} {counted(count.fit, *_ORDERS)} на {format_tenge(count.total_price)}?"
    text = (
        "После этого Kaspi будет ждать, что вы их соберёте и передадите в срок."
        if kind is ActionKind.ACCEPT
        else "Kaspi сделает накладные, обычно за 5 минут. Разобрать заказ обратно нельзя."
    )
    return SelectionQuestion(kind, title, text, f"{verb} {count.fit}", lines)


def _print_question(ready: int, total: int) -> SelectionQuestion:
    if not ready:
        text = "Накладная появляется, когда заказ собран."
        return SelectionQuestion(PRINT, "Печатать пока нечего", text)
    left = total - ready
    lines = [f"{counted(left, *_ORDERS)}: накладной ещё нет"] if left else []
    words = counted(ready, "накладная", "накладные", "накладных")
    return SelectionQuestion(PRINT, f"Печать: {words}", "", "Подготовить файл", lines)
