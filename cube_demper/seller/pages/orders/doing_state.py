"""What is done from the panel of one order: asked in a dialog where it matters, then told to Kaspi."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import InvalidInput
from cube_demper.core.ids import read_id
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.orders.doing import service as doing
from cube_demper.domain.orders.doing.schemas import Request
from cube_demper.models.doing import ActionKind
from cube_demper.seller.pages.orders.reading import read_order
from cube_demper.seller.pages.orders.state import OrdersState
from cube_demper.ui import session
from cube_demper.ui.guards import FormErrors, guarded


@dataclass
class Question:
    """The dialog that is open. `kind` "" : none."""

    kind: str = ""
    title: str = ""


class DoingState(FormErrors, rx.State):
    """Actions on the order in the panel."""

    question: Question = Question()

    @guarded(Role.USER)
    async def ask(self, kind: str) -> None:
        """Open the dialog of an action."""
        panel = (await self.get_state(OrdersState)).panel
        self.errors = {}
        self.question = Question(kind, _title(kind, panel.title, panel.total))

    @guarded(Role.USER)
    async def confirm(self, form: dict[str, Any]) -> None:
        """Do what the dialog asked."""
        self.errors = {}
        await self._request(_request_of(self.question.kind, form))
        self.question = Question()

    @guarded(Role.USER)
    async def accept(self) -> None:
        """Accept the order."""
        await self._request(Request(ActionKind.ACCEPT))

    @guarded(Role.USER)
    async def send_code(self) -> None:
        """Have Kaspi send the buyer a code."""
        self.errors = {}
        await self._request(Request(ActionKind.SEND_CODE))

    @guarded(Role.USER)
    async def complete(self, form: dict[str, Any]) -> None:
        """Hand the order over by the buyer's code."""
        self.errors = {}
        await self._request(Request(ActionKind.COMPLETE, code=str(form.get("code", ""))))

    @guarded(Role.USER)
    async def close(self) -> None:
        """Leave the order as it is."""
        self.question, self.errors = Question(), {}

    async def _request(self, request: Request) -> None:
        orders = await self.get_state(OrdersState)
        services, actor = bootstrap.web(), session.current_actor()
        order_id = orders.panel.id
        async with services.db.write() as tx:
            await doing.ask(
                tx,
                actor,
                read_id(order_id),
                request,
                secrets=services.secrets,
                now=services.clock.now(),
            )
        orders.panel = await read_order(actor, order_id)


def _title(kind: str, order: str, total: str) -> str:
    match kind:
        case ActionKind.ASSEMBLE:
            return f"{order}: сколько мест?"
        case ActionKind.CANCEL:
            return f"Отменить {order[:1].lower()}{order[1:]} на {total}?"
        case ActionKind.REDUCE:
            return f"{order}: убрать товар"
        case ActionKind.ARRIVE:
            return f"{order}: товар поступил?"
        case ActionKind.TAKE_BACK:
            return f"{order}: товар вернулся?"
    raise InvalidInput("Выберите, что сделать с заказом.")


def _request_of(kind: str, form: dict[str, Any]) -> Request:
    comment = str(form.get("comment", ""))
    match kind:
        case ActionKind.ASSEMBLE:
            return Request(ActionKind.ASSEMBLE, spaces=spaces_of(form))
        case ActionKind.CANCEL:
            return Request(ActionKind.CANCEL, reason=str(form.get("reason", "")), comment=comment)
        case ActionKind.REDUCE:
            return Request(
                ActionKind.REDUCE,
                reason=str(form.get("reason", "")),
                comment=comment,
                entry_number=_whole(form.get("entry")),
                remained=_remained(form.get("remained")),
            )
        case ActionKind.ARRIVE | ActionKind.TAKE_BACK:
            return Request(ActionKind(kind))
    raise InvalidInput("Выберите, что сделать с заказом.")


def spaces_of(form: dict[str, Any]) -> int:
    """Read the number of places; what is no number is 0, which the service refuses in words."""
    return _whole(form.get("spaces")) or 0


def _whole(value: object) -> int | None:
    text = str(value or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def _remained(value: object) -> Decimal:
    try:
        found = Decimal(str(value or "").strip().replace(",", ".") or "-")
    except InvalidOperation:
        raise InvalidInput("Введите, сколько штук оставить", field="remained") from None
    if not found.is_finite() or found < 0:
        raise InvalidInput("Введите, сколько штук оставить", field="remained")
    return found
