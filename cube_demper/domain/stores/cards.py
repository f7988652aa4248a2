"""A seller's stores as cards: what each holds, how it is signed in, how its catalogue is doing."""

from __future__ import annotations

from datetime import datetime

from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog.syncs import service as syncs
from cube_demper.domain.stores.card_schemas import Shelf, StoreCard
from cube_demper.domain.stores.queries import cards, switches
from cube_demper.domain.stores.reading import store_bot


async def store_cards(tx: ReadTx, actor: Actor) -> list[StoreCard]:
    """Return the actor's stores, by name."""
    rows = await switches.list_stores(tx, actor)
    ids = [store.id for store, _ in rows]
    if not ids:
        return []
    shelves = await cards.shelves(tx, ids)
    runs = await syncs.last_runs(tx, actor, ids)
    return [
        StoreCard(
            bot=store_bot(store, settings),
            shelf=shelves.get(store.id, Shelf()),
            cities=len({str(it["cityId"]) for it in store.points if it["enabled"]}),
            points=sum(bool(it["enabled"]) for it in store.points),
            email=store.kaspi_email or "",
            keeps_password=bool((store.guid or {}).get("password")),
            signed_in_at=_moment((store.guid or {}).get("authenticated_at")),
            sync=runs.get(store.id),
        )
        for store, settings in rows
    ]


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) and text else None
