"""An uploaded list becomes a store's catalogue: shown first, taken in by the worker, all or nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import Conflict, InvalidInput
from cube_demper.db import outbox
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.feed import import_queries, queries
from cube_demper.domain.feed.address import give_address
from cube_demper.domain.feed.cards import CARDS_TOPIC
from cube_demper.domain.feed.cities import CITIES
from cube_demper.domain.feed.errors import ImportNotFound, MerchantTaken
from cube_demper.domain.feed.packing import as_row, pack, unpack
from cube_demper.domain.feed.rules import home_city
from cube_demper.domain.feed.schemas import ImportView, PriceList
from cube_demper.domain.stores import service as stores
from cube_demper.domain.trial.schemas import LOOK_TOPIC, look_message
from cube_demper.models.feed import CatalogSource, FeedImport, ImportStatus
from cube_demper.models.stores import BotMode, Channel, DempingSettings, KaspiStore

IMPORT_TOPIC = "feed.import"
_MERCHANT_ID = re.compile(r"[A-Za-z0-9_-]{2,40}")
_LONGEST_NAME = 100
_AT_ONCE = 2000
_PROBLEMS_KEPT = 100


async def save_upload(
    tx: WriteTx, actor: Actor, file_name: str, found: PriceList, now: datetime
) -> UUID:
    """Keep an uploaded list until its seller has seen what it would change; older ones are forgotten.

    Raises Conflict without a confirmed e-mail; MerchantTaken for another seller's store.
    """
    if not await import_queries.is_email_confirmed(tx, actor.owner_id):
        raise Conflict("Сначала подтвердите почту: ссылка в письме, которое мы вам отправили.")
    store_id = await _own_store(tx, actor.owner_id, found.merchant_id)
    row = FeedImport(
        user_id=actor.owner_id,
        store_id=store_id,
        file_name=file_name[:200],
        status=ImportStatus.READY,
        merchant_id=found.merchant_id,
        merchant_name=found.merchant_name[:_LONGEST_NAME],
        points=await _points(tx, actor, store_id, found),
        total=len(found.offers),
        problems=[it.to_json() for it in found.problems[:_PROBLEMS_KEPT]],
        problem_count=len(found.problems),
        offers=pack(found.offers),
        created_at=now,
    )
    tx.add(row)
    await tx.flush()
    await import_queries.drop_others(tx, actor.owner_id, row.id)
    return row.id


async def latest_import(tx: ReadTx, actor: Actor) -> ImportView | None:
    """Return the list that this seller uploaded last, with what it would change."""
    row = await import_queries.latest_import(tx, actor.owner_id)
    if row is None:
        return None
    added = removed = 0
    if row.status == ImportStatus.READY:
        added, removed = await _difference(tx, row)
    elif row.result:
        added, removed = row.result["added"], row.result["removed"]
    return ImportView(
        id=row.id,
        store_id=row.store_id,
        file_name=row.file_name,
        status=ImportStatus(row.status),
        merchant_id=row.merchant_id,
        merchant_name=row.merchant_name,
        points=tuple(row.points),
        total=row.total,
        added=added,
        removed=removed,
        problems=tuple(row.problems),
        problem_count=row.problem_count,
        note=row.note or "",
        created_at=row.created_at,
    )


async def confirm_import(
    tx: WriteTx,
    actor: Actor,
    import_id: UUID,
    *,
    merchant_id: str,
    merchant_name: str,
    cities: Mapping[str, str],
    now: datetime,
) -> None:
    """Have a list taken in by the worker. `cities`: the city's id by the point's code («PP1»).

    Raises:
        ImportNotFound: it is not this seller's, or was replaced.
        InvalidInput: merchant, name or a point's city is missing; `field` says which.
        MerchantTaken: another seller has connected this store.
        Conflict: it is being taken in already.
    """
    row = await import_queries.find_import(tx, actor.owner_id, import_id, lock=True)
    if row is None:
        raise ImportNotFound
    if row.status != ImportStatus.READY:
        raise Conflict("Этот файл уже загружается.")
    row.merchant_id, row.merchant_name = _merchant(merchant_id, merchant_name)
    row.store_id = await _own_store(tx, actor.owner_id, row.merchant_id)
    row.points = [_placed(point, cities, row.merchant_id) for point in row.points]
    row.status = ImportStatus.QUEUED
    await tx.flush()
    await outbox.enqueue(tx, IMPORT_TOPIC, import_id, {"import_id": str(import_id)}, now)


async def cancel_import(tx: WriteTx, actor: Actor, import_id: UUID) -> None:
    """Forget a list that was not taken in. Raises ImportNotFound."""
    row = await import_queries.find_import(tx, actor.owner_id, import_id, lock=True)
    if row is None or row.status == ImportStatus.QUEUED:
        raise ImportNotFound
    await tx.delete(row)
    await tx.flush()


async def take_in(tx: WriteTx, import_id: UUID, box: SecretBox, now: datetime) -> None:
    """Make a confirmed list the store's catalogue: all of it in this transaction, or nothing."""
    asked = await import_queries.find_import(tx, None, import_id)
    if asked is not None:  # before the row's own lock: a sign-in takes them in this order
        await stores.lock_merchants(tx, [asked.merchant_id])
    row = await import_queries.find_import(tx, None, import_id, lock=True)
    if row is None or row.status != ImportStatus.QUEUED or row.offers is None:
        return
    try:
        store = await _store_of(tx, row, box, now)
    except MerchantTaken as error:
        row.status, row.note, row.offers = ImportStatus.FAILED, error.message, None
    else:
        added, removed = await _save_goods(tx, store, row, now)
        row.status, row.offers, row.store_id = ImportStatus.DONE, None, store.id
        row.result = {"added": added, "removed": removed}
        await queries.change_feed(
            tx, store.id, source=CatalogSource.LIST, published_count=row.total, refusal=None
        )
        await audit.record(tx, SYSTEM, "price_list_imported", "store", store.id, goods=row.total)
        await outbox.enqueue(tx, CARDS_TOPIC, row.id, {"store_id": str(store.id)}, now)
        tx.emit(f"user:{row.user_id}", "store", store.id)
    await tx.flush()
    tx.emit(f"user:{row.user_id}", "feed_import", row.id)


async def _store_of(tx: WriteTx, row: FeedImport, box: SecretBox, now: datetime) -> KaspiStore:
    """Return the list's store, made when it is a new one."""
    store_id = await _own_store(tx, row.user_id, row.merchant_id)
    if store_id is None:
        store = KaspiStore(
            user_id=row.user_id,
            merchant_id=row.merchant_id,
            name=row.merchant_name,
            channel=Channel.FEED,
        )
        tx.add(store)
        await tx.flush()
        tx.add(DempingSettings(store_id=store.id, mode=BotMode.SUGGEST))
        feed = None
    else:
        found = await queries.find_store(tx, SYSTEM, store_id, lock=True)
        if found is None:
            raise ImportNotFound
        store, feed = found
    store.points = [dict(point) for point in row.points]
    store.home_city_id = home_city(store.points)
    if feed is None:
        await give_address(tx, store, box, now, source=CatalogSource.LIST)
    await tx.flush()
    return store


async def _save_goods(
    tx: WriteTx, store: KaspiStore, row: FeedImport, now: datetime
) -> tuple[int, int]:
    offers = unpack(row.offers)
    others = {str(it["cityId"]) for it in store.points} - {store.home_city_id}
    added, is_first = 0, store.synced_at is None
    for start in range(0, len(offers), _AT_ONCE):
        part = offers[start : start + _AT_ONCE]
        rows = [as_row(it, store.merchant_id, store.home_city_id) for it in part]
        added += await import_queries.save_goods(tx, store.id, rows, now)
        prices = [
            {"sku": it.sku, "city_id": city, "price": price}
            for it in part
            for city in others
            if (price := it.city_prices.get(city, it.price)) is not None
        ]
        await import_queries.save_city_prices(tx, store.id, prices)
    removed = await import_queries.take_off_sale(tx, store.id, now)
    store.synced_at = now
    if is_first:
        await outbox.enqueue(tx, LOOK_TOPIC, *look_message(store.id, now), now)
    return added, removed


async def _difference(tx: ReadTx, row: FeedImport) -> tuple[int, int]:
    """Count the goods that a list would put on sale and those that it would take off."""
    skus = [it.sku for it in unpack(row.offers)]
    added = await import_queries.count_added(tx, row.store_id, skus)
    on_sale = await import_queries.count_on_sale(tx, row.store_id)
    return added, on_sale - (len(skus) - added)


async def _own_store(tx: ReadTx, user_id: UUID, merchant_id: str) -> UUID | None:
    """Return this seller's store of that merchant, None for a new one. Raises MerchantTaken."""
    found = await import_queries.find_owner(tx, merchant_id)
    if found is not None and found[1] != user_id:
        raise MerchantTaken
    return found[0] if found else None


async def _points(
    tx: ReadTx, actor: Actor, store_id: UUID | None, found: PriceList
) -> list[dict[str, object]]:
    """Return the list's points; cities that we know already, or that it names alone, are filled in."""
    known: Mapping[str, str] = {}
    if store_id is not None and (own := await queries.find_store(tx, actor, store_id)):
        known = {str(it["name"]): str(it["cityId"]) for it in own[0].points}
    named = {city for offer in found.offers for city in offer.city_prices}
    only = next(iter(named)) if len(named) == 1 else ""
    codes = sorted({point.code for offer in found.offers for point in offer.points}, key=_number)
    return [{"name": code, "cityId": known.get(code, only)} for code in codes]


def _merchant(merchant_id: str, name: str) -> tuple[str, str]:
    clean, title = merchant_id.strip(), " ".join(name.split())
    if not _MERCHANT_ID.fullmatch(clean):
        raise InvalidInput("Введите номер магазина из кабинета Kaspi.", field="merchant_id")
    if not 1 <= len(title) <= _LONGEST_NAME:
        raise InvalidInput("Введите название магазина.", field="merchant_name")
    return clean, title


def _placed(
    point: Mapping[str, object], cities: Mapping[str, str], merchant_id: str
) -> dict[str, object]:
    code = str(point["name"])
    city = cities.get(code, "")
    if city not in CITIES:
        raise InvalidInput(f"Выберите город для точки {code}.", field=f"city_{code}")
    return {
        "id": f"{merchant_id}_{code}",
        "name": code,
        "cityId": city,
        "cityName": CITIES[city],
        "enabled": True,
    }


def _number(code: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", code)]
