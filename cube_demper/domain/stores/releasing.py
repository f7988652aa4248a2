"""Whose a merchant is: a sign-in to Kaspi proves it, typing its number into a price list does not.

A store that stands on a price list's word alone gives way to whoever signs in to its cabinet.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.audit import service as audit
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.domain.stores.queries import cards, claims
from cube_demper.models.stores import Channel, KaspiStore


async def lock_merchants(tx: WriteTx, merchant_ids: Sequence[str]) -> None:
    """Let one connection of each of these merchants be decided at a time, connected yet or not."""
    for merchant_id in sorted(set(merchant_ids)):
        await claims.lock_merchant(tx, merchant_id)


def is_only_claimed(store: KaspiStore) -> bool:
    """Tell that nobody has ever shown that this store is theirs."""
    return store.channel == Channel.FEED and store.guid is None


async def release(tx: WriteTx, actor: Actor, store: KaspiStore, now: datetime) -> None:
    """End a claimed store with its goods and its price list's address, and tell who had it why.

    The caller holds the merchant's lock. Raises PermissionDenied unless the product itself asks.
    """
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    await cards.delete_store(tx, store.id)
    tx.expunge(store)
    facts = {"merchant": store.merchant_id, "name": store.name, "was_of": str(store.user_id)}
    await audit.record(tx, actor, "store_released", "store", store.id, **facts)
    await notifications.notify(tx, actor, _news(store, now))
    tx.emit(f"user:{store.user_id}", "store", store.id)


def _news(store: KaspiStore, now: datetime) -> Tell:
    return Tell(
        user_id=store.user_id,
        kind="store_released",
        title=f"«{store.name}» отключён: в его кабинет вошёл другой пользователь",
        body=(
            f"Магазин № {store.merchant_id} был подключён прайс-листом, без входа в Kaspi. Другой "
            "пользователь вошёл в кабинет этого магазина и так подтвердил, что он его. Адрес "
            "прайс-листа больше не работает, уберите его из Kaspi. Если магазин ваш, войдите в "
            "Kaspi или напишите в поддержку."
        ),
        link="/stores/connect",
        dedupe_key=f"store_released:{store.id}:{now.isoformat()}",
    )
