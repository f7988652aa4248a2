"""Shapes of the page of stores."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cube_demper.domain.catalog.syncs.schemas import SyncRun
from cube_demper.domain.stores.schemas import StoreBot


@dataclass(frozen=True, slots=True)
class Shelf:
    """How many goods a store has: in all, on sale, with the bot on."""

    goods: int = 0
    on_sale: int = 0
    bots: int = 0


@dataclass(frozen=True, slots=True)
class StoreCard:
    """A store as its card shows it, without secrets. `sync`: the last run of the catalogue sync."""

    bot: StoreBot
    shelf: Shelf
    cities: int
    points: int
    email: str
    keeps_password: bool
    signed_in_at: datetime | None
    sync: SyncRun | None


@dataclass(frozen=True, slots=True)
class RemovalForecast:
    """What removing a store deletes. `sending` is on its way to Kaspi and cannot be called back."""

    name: str
    shelf: Shelf
    queued: int
    sending: int
    decisions: int
    has_password: bool
