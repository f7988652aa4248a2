"""What the list and the panel show of an order, as text: the browser formats nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cube_demper.core.money import NBSP, format_tenge
from cube_demper.domain.orders.doing.schemas import Doable
from cube_demper.domain.orders.list_schemas import ItemView, OrderView, StepView
from cube_demper.domain.orders.words import delivery_words, payment_words, reason_words
from cube_demper.models.orders import OrderStatus, StatusStep
from cube_demper.seller.pages.orders.around_rows import AroundView
from cube_demper.seller.pages.orders.deadline import DeadlineView, deadline_view
from cube_demper.seller.pages.orders.doing_rows import (
    MOST_GOODS,
    DoingView,
    doing_view,
    plain_quantity,
    row_note,
)
from cube_demper.seller.pages.orders.words import STATUSES
from cube_demper.ui.format import counted, moment


@dataclass
class RowView:
    """One order in the list."""

    id: str
    code: str
    made: str
    goods: str
    goods_note: str
    buyer: str
    phone: str
    total: str
    total_note: str
    status: str
    status_note: str
    place: str
    place_note: str
    deadline: DeadlineView


@dataclass
class GoodsView:
    """One entry of an order."""

    name: str
    note: str
    total: str
    link: str


@dataclass
class StepRow:
    """One line of the history."""

    time: str
    code: str
    title: str
    note: str


@dataclass
class PanelView:
    """One order in full."""

    id: str = ""
    title: str = ""
    status: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    person: list[tuple[str, str]] = field(default_factory=list)
    times: list[tuple[str, str]] = field(default_factory=list)
    goods: list[GoodsView] = field(default_factory=list)
    goods_note: str = ""
    steps: list[StepRow] = field(default_factory=list)
    warning: str = ""
    deadline: DeadlineView = field(default_factory=DeadlineView)
    doing: DoingView = field(default_factory=DoingView)
    total: str = ""
    around: AroundView = field(default_factory=AroundView)


def row_view(view: OrderView, doable: Doable | None, now: datetime, *, with_store: bool) -> RowView:
    """Put one order into a line."""
    row, first = view.row, view.items[0] if view.items else None
    more = len(view.items) - 1
    return RowView(
        id=str(row.id),
        code=row.kaspi_order_code,
        made=moment(row.ordered_at),
        goods=first.name if first else "Товары ещё не прочитаны",
        goods_note=f"и ещё {counted(more, 'товар', 'товара', 'товаров')}" if more > 0 else "",
        buyer=view.buyer or "—",
        phone=view.phone,
        total=format_tenge(row.total_price),
        total_note=_pieces(view.items),
        status=row.status,
        status_note=_status_note(view, doable),
        deadline=deadline_view(row, now),
        place=delivery_words(row),
        place_note=" · ".join(
            part for part in (row.city_name or "", view.store_name if with_store else "") if part
        ),
    )


def panel_view(
    view: OrderView, doable: Doable | None, around: AroundView, now: datetime
) -> PanelView:
    """Put one order into the panel."""
    row = view.row
    known = (
        ("Магазин", view.store_name),
        ("Сумма", format_tenge(row.total_price)),
        ("Оплата", payment_words(row)),
        ("Доставка", delivery_words(row)),
        ("Покупатель платит за доставку", _sum(row.delivery_cost)),
        ("С вас за доставку", _sum(row.seller_delivery_cost)),
        ("Накладная", row.waybill_number or ""),
        ("Причина отмены", reason_words(row.cancellation_reason)),
    )
    person = (
        ("Имя", view.buyer),
        ("Телефон", view.phone),
        ("Адрес", view.address or row.city_name or ""),
    )
    times = (
        ("Оформлен", row.ordered_at),
        ("Принят", row.accepted_at),
        ("Передан курьеру", row.handed_over_at),
        ("Ждёт покупателя с", row.delivered_at),
        ("Хранится до", row.reserved_until),
        ("Обещан покупателю", row.planned_delivery_at),
        ("Выдан", row.completed_at),
        ("Отменён", row.cancelled_at),
        ("Возвращён", row.returned_at),
    )
    return PanelView(
        id=str(row.id),
        title=f"Заказ {row.kaspi_order_code}",
        status=row.status,
        facts=[(name, value) for name, value in known if value],
        person=[(name, value) for name, value in person if value],
        times=[(name, moment(at)) for name, at in times if at is not None],
        goods=[_goods(item) for item in view.items[:MOST_GOODS]],
        goods_note=_left(len(view.items) - MOST_GOODS),
        steps=[_step(step) for step in view.history],
        warning=_warning(view),
        deadline=deadline_view(row, now),
        doing=doing_view(view, doable),
        total=format_tenge(row.total_price),
        around=around,
    )


def _status_note(view: OrderView, doable: Doable | None) -> str:
    row = view.row
    if note := row_note(doable.last if doable else None, row.seen_at):
        return note
    if row.missing_since is not None:
        return "Kaspi больше не показывает"
    if not row.is_clear:
        return f"Kaspi: {row.kaspi_status}"
    return reason_words(row.cancellation_reason)


def _warning(view: OrderView) -> str:
    row = view.row
    if row.missing_since is not None:
        return f"С {moment(row.missing_since)} Kaspi не показывает этот заказ. У нас он остался."
    if not row.is_clear:
        return (
            f"Kaspi прислал состояние, которого мы не знаем: {row.kaspi_state} × {row.kaspi_status}."
            " Статус оставили прежним, мы уже разбираемся."
        )
    return ""


def _goods(item: ItemView) -> GoodsView:
    count = f"{plain_quantity(item.quantity)}{NBSP}шт."
    each = f" × {format_tenge(item.base_price)}" if item.base_price is not None else ""
    note = f"{count}{each}" if item.quantity else "убран из заказа"
    return GoodsView(
        name=item.name,
        note=f"{note} · {item.sku}" if item.sku else note,
        total=format_tenge(item.total_price),
        link=f"/products/{item.product_id}" if item.product_id else "",
    )


def _step(step: StepView) -> StepRow:
    word = STATUSES[step.new_status].word
    raw = f"Kaspi: {step.kaspi_state} × {step.kaspi_status}"
    match step.step:
        case StatusStep.BACKWARD:
            was = STATUSES[step.old_status or OrderStatus.UNKNOWN].word
            return _line(step.changed_at, "trouble", f"Вернулся: «{was}» → «{word}»", raw)
        case StatusStep.UNCLEAR:
            return _line(step.changed_at, "trouble", "Непонятное состояние", raw)
        case StatusStep.FIRST:
            return _line(step.changed_at, "start", word, "Так мы увидели его впервые")
    is_done = step.new_status is OrderStatus.COMPLETED
    return _line(step.changed_at, "done" if is_done else "hold", word, "")


def _line(at: datetime, code: str, title: str, note: str) -> StepRow:
    return StepRow(time=moment(at), code=code, title=title, note=note)


def _left(more: int) -> str:
    words = counted(more, "товар", "товара", "товаров")
    return f"и ещё {words}: все они в файле Excel" if more > 0 else ""


def _pieces(items: Sequence[ItemView]) -> str:
    """Say how many pieces there are; what is sold by measure is counted by its entries."""
    if not items:
        return ""
    if any(item.quantity % 1 for item in items):
        return counted(len(items), "товар", "товара", "товаров")
    return counted(int(sum(item.quantity for item in items)), "штука", "штуки", "штук")


def _sum(tiyn: int | None) -> str:
    return format_tenge(tiyn) if tiyn else ""
