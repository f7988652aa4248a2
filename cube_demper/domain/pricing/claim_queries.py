"""SQL of claims: leases on due products, and the parking of those that cannot be served.

A product that comes due while its store cannot be served is parked (`parked_at`): it leaves the index
of due ones, so that each such product costs the claims one write and not a reading each time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, SmallInteger, String, Uuid, bindparam, text
from sqlmodel import SQLModel

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.pricing.turns import AT_A_TURN
from cube_demper.domain.stores.schemas import BotCutoff
from cube_demper.models.catalog import Product

SHARDS = 1024
_KEYS_A_CLAIM = 16
_ROUNDS = 3
_PARK_AT_ONCE = 1_000
_UNPARK_AT_ONCE = 5_000

_STORES = """
    unnest(:store_ids, :cutoff_at, :cutoff_ids) AS store (id, cutoff_at, cutoff_id)
"""
_WITHIN_PLAN = """
    (coalesce(product.bot_enabled_at, product.created_at), product.id)
        <= (coalesce(store.cutoff_at, 'infinity'),
            coalesce(store.cutoff_id, '00000000-0000-0000-0000-000000000000'))
"""
# Key by key, and no further than needed: the outer LIMIT ends the loop. An idle worker's question is one
# probe of the index a key; a backlog is never sorted, nor another shard's walked through.
_CLAIM = f"""
WITH due AS MATERIALIZED (
    SELECT found.*
    FROM unnest(:keys) AS turn (shard_key)
    CROSS JOIN LATERAL (
        SELECT id, store_id, bot_enabled_at, created_at
        FROM products
        WHERE bot_active AND external_kaspi_id IS NOT NULL AND parked_at IS NULL
            AND shard_key = turn.shard_key AND next_check_at <= :due_before
            AND (claimed_until IS NULL OR claimed_until < :now)
        ORDER BY next_check_at
        LIMIT :per_key
        FOR NO KEY UPDATE SKIP LOCKED
    ) AS found
    LIMIT :examine
), judged AS (
    SELECT product.id, store.id IS NOT NULL AND {_WITHIN_PLAN} AS is_served
    FROM due AS product LEFT JOIN {_STORES} ON store.id = product.store_id
), chosen AS (
    SELECT id, is_served, count(*) FILTER (WHERE is_served) OVER (ROWS UNBOUNDED PRECEDING) AS rank
    FROM judged
)
UPDATE products SET
    claimed_until = CASE WHEN is_served THEN :lease_until ELSE products.claimed_until END,
    claimed_by = CASE WHEN is_served THEN :claim_id ELSE products.claimed_by END,
    parked_at = CASE WHEN NOT is_served THEN :now END
FROM chosen
WHERE products.id = chosen.id AND (NOT is_served OR rank <= :limit)
RETURNING products.*
"""  # noqa: S608 - our own words
# One look serves all who sell the card. Goods with prices of their own in other cities are left out:
# they would cost looks there.
_SIBLINGS = f"""
WITH sold AS MATERIALIZED (
    -- By card first: with stores in the same join a prepared plan reads all goods of all stores.
    SELECT found.*, place.city_id
    FROM unnest(:cards, :cities) AS place (card, city_id)
    CROSS JOIN LATERAL (
        SELECT id, store_id, bot_enabled_at, created_at
        FROM products
        WHERE external_kaspi_id = place.card AND bot_active AND parked_at IS NULL
            AND (claimed_until IS NULL OR claimed_until < :now)
        FOR NO KEY UPDATE SKIP LOCKED
    ) AS found
), found AS MATERIALIZED (
    SELECT product.id
    FROM sold AS product
    JOIN unnest(:store_ids, :cutoff_at, :cutoff_ids, :home_cities)
        AS store (id, cutoff_at, cutoff_id, city_id)
        ON store.id = product.store_id AND store.city_id = product.city_id
    WHERE {_WITHIN_PLAN}
        AND NOT EXISTS (
            SELECT FROM product_city_prices AS other
            WHERE other.product_id = product.id AND other.bot_active
        )
)
UPDATE products SET claimed_until = :lease_until, claimed_by = :claim_id
FROM found WHERE products.id = found.id
RETURNING products.*
"""  # noqa: S608 - our own words
_UNPARK = f"""
UPDATE products SET parked_at = NULL
WHERE id IN (
    SELECT found.id
    FROM {_STORES}
    CROSS JOIN LATERAL (
        SELECT id FROM products AS product
        WHERE parked_at IS NOT NULL AND store_id = store.id AND {_WITHIN_PLAN}
        FOR NO KEY UPDATE SKIP LOCKED
    ) AS found
    LIMIT :limit
)
"""  # noqa: S608 - our own words
_HAS_PARKED = f"""
SELECT EXISTS (
    SELECT FROM {_STORES}
    CROSS JOIN LATERAL (
        SELECT FROM products AS product
        WHERE parked_at IS NOT NULL AND store_id = store.id AND {_WITHIN_PLAN}
        LIMIT 1
    ) AS found
)
"""  # noqa: S608 - our own words

_Instant = DateTime(timezone=True)
_STORE_TYPES = (
    bindparam("store_ids", type_=ARRAY(Uuid)),
    bindparam("cutoff_at", type_=ARRAY(_Instant)),
    bindparam("cutoff_ids", type_=ARRAY(Uuid)),
)
_claim = (
    text(_CLAIM)
    .bindparams(
        *_STORE_TYPES,
        bindparam("keys", type_=ARRAY(SmallInteger)),
        bindparam("due_before", type_=_Instant),
        bindparam("now", type_=_Instant),
        bindparam("lease_until", type_=_Instant),
        bindparam("claim_id", type_=Uuid),
    )
    .columns(**{c.name: c.type for c in SQLModel.metadata.tables["products"].columns})
)
_siblings = (
    text(_SIBLINGS)
    .bindparams(
        *_STORE_TYPES,
        bindparam("cards", type_=ARRAY(String)),
        bindparam("cities", type_=ARRAY(String)),
        bindparam("home_cities", type_=ARRAY(String)),
        bindparam("now", type_=_Instant),
        bindparam("lease_until", type_=_Instant),
        bindparam("claim_id", type_=Uuid),
    )
    .columns(**{c.name: c.type for c in SQLModel.metadata.tables["products"].columns})
)
_unpark = text(_UNPARK).bindparams(*_STORE_TYPES)
_has_parked = text(_HAS_PARKED).bindparams(*_STORE_TYPES)


async def claim_due(
    tx: WriteTx,
    *,
    cutoffs: Mapping[UUID, BotCutoff | None],
    shard_keys: Sequence[int],
    claim_id: UUID,
    due_before: datetime,
    now: datetime,
    lease_until: datetime,
    limit: int,
) -> Sequence[Product]:
    """Lease due products of these stores: of each shard key in turn its oldest, from the first key on.

    `cutoffs`: per store the last bot that the plan still serves (None: all).
    `shard_keys`: in the order of their turns. Rows that another worker is claiming right now are
    skipped. Due products that are not of these stores, or beyond the plan, are parked.
    """
    given = _stores(cutoffs) | {
        "keys": list(shard_keys),
        "claim_id": claim_id,
        "due_before": due_before,
        "now": now,
        "lease_until": lease_until,
    }
    leased: list[Product] = []
    examine = limit
    for _ in range(_ROUNDS):
        wanted = {
            "limit": limit - len(leased),
            "examine": examine,
            "per_key": max(AT_A_TURN, examine // _KEYS_A_CLAIM),
        }
        # Rows that read like products: objects of the ORM would cost more CPU than all the rest.
        rows = cast("Sequence[Product]", (await tx.execute(_claim, given | wanted)).all())
        leased += [row for row in rows if row.parked_at is None]
        if len(leased) >= limit or all(row.parked_at is None for row in rows):
            break
        examine = _PARK_AT_ONCE
    return leased


async def claim_siblings(
    tx: WriteTx,
    places: Sequence[tuple[str, str]],
    *,
    cutoffs: Mapping[UUID, BotCutoff | None],
    home_cities: Mapping[UUID, str],
    claim_id: UUID,
    now: datetime,
    lease_until: datetime,
) -> Sequence[Product]:
    """Lease the other goods, due or not, on cards that are looked at anyway, by (card, city)."""
    given = _stores(cutoffs) | {
        "cards": [card for card, _ in places],
        "cities": [city for _, city in places],
        "home_cities": [home_cities[store] for store in cutoffs],
        "claim_id": claim_id,
        "now": now,
        "lease_until": lease_until,
    }
    return cast("Sequence[Product]", (await tx.execute(_siblings, given)).all())


async def unpark(tx: WriteTx, cutoffs: Mapping[UUID, BotCutoff | None]) -> int:
    """Bring back parked products of stores that can be served, some thousands at a time."""
    done = await tx.execute(_unpark, _stores(cutoffs) | {"limit": _UNPARK_AT_ONCE})
    return int(done.rowcount)  # type: ignore[attr-defined] # a CursorResult


async def has_parked(tx: ReadTx, cutoffs: Mapping[UUID, BotCutoff | None]) -> bool:
    """Tell whether a store that can be served has parked products: one probe of the index a store."""
    return bool(await tx.scalar(_has_parked, _stores(cutoffs)))


def _stores(cutoffs: Mapping[UUID, BotCutoff | None]) -> dict[str, object]:
    return {
        "store_ids": list(cutoffs),
        "cutoff_at": [cutoff and cutoff.switched_on_at for cutoff in cutoffs.values()],
        "cutoff_ids": [cutoff and cutoff.product_id for cutoff in cutoffs.values()],
    }
