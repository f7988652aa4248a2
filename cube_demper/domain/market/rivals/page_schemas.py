"""What the pages of rivals ask and are told. Prices in tiyn, times aware UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cube_demper.domain.market.rivals.schemas import Profile


@dataclass(frozen=True, slots=True)
class RivalRow:
    """A rival in the list."""

    id: UUID
    store_id: UUID
    store_name: str
    is_excluded: bool
    counted_at: datetime
    profile: Profile


@dataclass(frozen=True, slots=True)
class RivalQuery:
    """What the list is asked for."""

    store_id: UUID | None = None
    search: str = ""
    behaviour: str = ""
    sort: str = "goods"
    is_descending: bool = True
    page: int = 1


@dataclass(frozen=True, slots=True)
class RivalPage:
    """One page; `counts` by behaviour, `counted_at` None while a store waits for its first count."""

    rows: tuple[RivalRow, ...]
    total: int
    page: int
    counts: Mapping[str, int]
    counted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Duel:
    """A rival and us on one card: prices as they changed, None while not on sale."""

    product_id: UUID
    product_name: str
    floor: int | None
    since: datetime
    until: datetime
    ours: tuple[tuple[datetime, int | None], ...]
    theirs: tuple[tuple[datetime, int | None], ...]
