"""Stock and pre-orders as text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from cube_demper.domain.pricing.forecast import QueuePlace
from cube_demper.domain.supply.schemas import LastChange, ProductSupply
from cube_demper.models.pricing import PriceStatus
from cube_demper.seller.pages.product.proof import queue_words
from cube_demper.ui.format import iso, moment


@dataclass
class PointView:
    """One point of the store. `pre_order_days`: 0 for none."""

    id: str
    name: str
    city: str
    is_available: bool
    stock: str
    pre_order_days: int


@dataclass
class SupplyView:
    """The card. `tone`, `progress`, `note`: how far the newest change is; empty without one."""

    points: list[PointView] = field(default_factory=list)
    pre_order: str = ""
    read_at: str = ""
    is_known: bool = False
    progress: str = ""
    tone: str = "gray"
    note: str = ""
    undo_id: str = ""


_PROGRESS = {
    PriceStatus.QUEUED: ("Ждёт отправки", "blue"),
    PriceStatus.SENDING: ("Отправляется", "blue"),
    PriceStatus.SENT: ("Отправлено, ждём Kaspi", "blue"),
    PriceStatus.UNKNOWN: ("Проверяем в кабинете", "amber"),
    PriceStatus.CONFIRMED: ("Есть в кабинете Kaspi", "green"),
    PriceStatus.REFUSED: ("Не принято", "red"),
}


def supply_view(found: ProductSupply, now: datetime, queue: QueuePlace | None = None) -> SupplyView:
    """Put a product's supply into words; `queue`: where its change stands when it must wait."""
    days = max((point.pre_order_days for point in found.points if point.is_available), default=0)
    view = SupplyView(
        points=[
            PointView(
                id=point.id,
                name=point.name,
                city=point.city,
                is_available=point.is_available,
                stock="" if point.stock is None else str(point.stock),
                pre_order_days=point.pre_order_days,
            )
            for point in found.points
        ],
        pre_order=str(days) if days else "",
        read_at=iso(found.read_at),
        is_known=found.is_known,
    )
    if found.last is not None and found.last.status in _PROGRESS:
        _tell(view, found.last, now, is_by_feed=found.is_by_feed)
        if queue is not None and found.last.status == PriceStatus.QUEUED:
            view.note = f"{view.note} · {queue_words(queue, now)}"
    return view


def _tell(view: SupplyView, last: LastChange, now: datetime, *, is_by_feed: bool) -> None:
    status = PriceStatus(last.status)
    view.progress, view.tone = _PROGRESS[status]
    if is_by_feed and status is PriceStatus.SENT:
        view.progress = "В прайс-листе"
    at = last.confirmed_at or last.sent_at or last.asked_at
    view.note = " · ".join(part for part in (moment(at, now=now), last.note or "") if part)
    view.undo_id = str(last.id) if last.can_undo else ""
