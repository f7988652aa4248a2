"""Shapes of printed waybills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from cube_demper.models.doing import LabelLayout, PrintStatus


class WhyMissing(StrEnum):
    """Why an order is not in the file."""

    NOT_PACKED = "not_packed"
    NOT_READY = "not_ready"
    NO_WAY = "no_way"
    """The store has neither a token nor a sign-in."""
    SILENT = "silent"
    UNREADABLE = "unreadable"


WHY_WORDS = {
    WhyMissing.NOT_PACKED: "ещё не собран",
    WhyMissing.NOT_READY: "Kaspi ещё готовит накладную, обычно до 5 минут",
    WhyMissing.NO_WAY: "нет ни токена заказов, ни входа в кабинет",
    WhyMissing.SILENT: "Kaspi не отдал файл",
    WhyMissing.UNREADABLE: "файл не читается",
}


@dataclass(frozen=True, slots=True)
class WantedWaybill:
    """One order whose waybill is to be printed. `cookies`: encrypted."""

    order_id: UUID
    code: str
    store_id: UUID
    merchant_id: str
    is_packed: bool
    url: str | None
    token: str = field(default="", repr=False)
    cookies: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PrintJob:
    """A file in the worker's hands: its orders in the order of the paper."""

    id: UUID
    owner_id: UUID
    layout: LabelLayout
    wanted: Sequence[WantedWaybill]


@dataclass(frozen=True, slots=True)
class PrintView:
    """A file as its seller sees it. `missing`: numbers of orders and why."""

    id: UUID
    layout: LabelLayout
    status: PrintStatus
    total: int
    fetched: int
    pages: int
    missing: Sequence[tuple[str, WhyMissing]]
    expires_at: datetime | None
    created_at: datetime
