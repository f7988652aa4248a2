"""The secret address of a store's file, and which way its prices go."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.ids import token_hash
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.feed import queries
from cube_demper.domain.feed.errors import CatalogueUnknown, FeedNotFound
from cube_demper.domain.stores.errors import StoreNotFound
from cube_demper.models.feed import CatalogSource, StoreFeed
from cube_demper.models.stores import Channel, KaspiStore

_SECRET_BYTES = 16


async def show_address(tx: ReadTx, actor: Actor, store_id: UUID, box: SecretBox) -> str:
    """Return the path of a store's file. Raises StoreNotFound, FeedNotFound."""
    actor.require_self()
    _, feed = await _own(tx, actor, store_id)
    if feed is None:
        raise FeedNotFound("У магазина ещё нет прайс-листа.")
    return path_of(box.decrypt(feed.token))


async def rotate(tx: WriteTx, actor: Actor, store_id: UUID, box: SecretBox, now: datetime) -> str:
    """Give a store's file another address and return its path; the old one ends at once.

    Raises StoreNotFound.
    """
    actor.require_self()
    store, feed = await _own(tx, actor, store_id, lock=True)
    token = await give_address(tx, store, box, now)
    if feed is not None:
        await audit.record(tx, actor, "feed_address_rotated", "store", store_id)
    tx.emit(f"user:{store.user_id}", "store", store_id)
    return path_of(token)


async def give_address(
    tx: WriteTx,
    store: KaspiStore,
    box: SecretBox,
    now: datetime,
    *,
    source: CatalogSource = CatalogSource.CABINET,
) -> str:
    """Give a store's file a new secret of 128 bits; `source` counts for the first one only."""
    token = secrets.token_urlsafe(_SECRET_BYTES)
    values = {
        "store_id": store.id,
        "token_hash": token_hash(token),
        "token": box.encrypt(token),
        "rotated_at": now,
        "source": source,
    }
    await queries.save_address(tx, values)
    return token


async def use_feed(
    tx: WriteTx, actor: Actor, store_id: UUID, box: SecretBox, now: datetime
) -> None:
    """Send this store's prices by its price list from now on; what is queued leaves with the next file.

    Raises StoreNotFound; CatalogueUnknown while the catalogue was never read whole.
    """
    store, feed = await _own(tx, actor, store_id, lock=True)
    if store.synced_at is None:
        raise CatalogueUnknown
    if feed is None:
        await give_address(tx, store, box, now)
    await _switch(tx, actor, store, Channel.FEED)


async def use_cabinet(tx: WriteTx, actor: Actor, store_id: UUID) -> None:
    """Send this store's prices through the cabinet from now on; its file is refused.

    Raises StoreNotFound; CatalogueUnknown when nobody has signed in to the cabinet.
    """
    store, _ = await _own(tx, actor, store_id, lock=True)
    if store.guid is None:
        raise CatalogueUnknown("Чтобы отправлять цены через кабинет, сначала войдите в Kaspi.")
    await _switch(tx, actor, store, Channel.CABINET)


def path_of(token: str) -> str:
    """Return the path of the file with this secret."""
    return f"/feed/{token}.xml"


async def _switch(tx: WriteTx, actor: Actor, store: KaspiStore, channel: Channel) -> None:
    if store.channel == channel:
        return
    store.channel = channel
    # A file that was short of what the cabinet has learnt since is no yardstick any more.
    await queries.change_feed(tx, store.id, published_count=0, refusal=None, refused_at=None)
    await audit.record(tx, actor, "store_channel_changed", "store", store.id, channel=channel)
    tx.emit(f"user:{store.user_id}", "store", store.id)


async def _own(
    tx: ReadTx, actor: Actor, store_id: UUID, *, lock: bool = False
) -> tuple[KaspiStore, StoreFeed | None]:
    found = await queries.find_store(tx, actor, store_id, lock=lock)
    if found is None:
        raise StoreNotFound
    return found
