"""Stock and pre-orders of one product. `Edits` speak as the price feed does. Times aware UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict
from uuid import UUID


class PointEdit(TypedDict, total=False):
    """New values of one point; what is not named stays. A blank `stockCount`: pieces are not counted."""

    available: str
    stockCount: int | None
    preOrder: int | None


Edits = Mapping[str, PointEdit]
"""Point id (`{uid}_{name}`) to what was edited there."""


@dataclass(frozen=True, slots=True)
class PointSupply:
    """One point of the store as it will be once everything edited has reached Kaspi."""

    id: str
    name: str
    city: str
    is_available: bool
    stock: int | None
    pre_order_days: int
    is_known: bool
    """False: the cabinet has not named this point for the product yet."""


@dataclass(frozen=True, slots=True)
class LastChange:
    """The newest change of a product's supply and how far it is."""

    id: UUID
    status: str
    note: str | None
    asked_at: datetime
    sent_at: datetime | None
    confirmed_at: datetime | None
    can_undo: bool


@dataclass(frozen=True, slots=True)
class ProductSupply:
    """A product's points and its newest change. `read_at`: when the cabinet was read last."""

    points: tuple[PointSupply, ...]
    read_at: datetime | None
    last: LastChange | None
    is_by_feed: bool

    @property
    def is_known(self) -> bool:
        """Tell whether there is anything to edit yet."""
        return any(point.is_known for point in self.points)


@dataclass(frozen=True, slots=True)
class OpenSupply:
    """The edits of one product that the cabinet does not show yet, older ones overlaid by newer."""

    edits: dict[str, PointEdit]
    is_waiting: bool
    """Some of it has not been sent yet."""


@dataclass(frozen=True, slots=True)
class DueProof:
    """A sent change whose proof in the cabinet is due."""

    id: UUID
    sku: str
