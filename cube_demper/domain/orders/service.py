"""What a seller does with a store's orders token. The worker's part is `trying`.

Each of these asks the worker and returns at once; the event `store` on `user:<id>` says that it is done.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import Conflict
from cube_demper.db import outbox
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.orders import queries, rules
from cube_demper.domain.orders.schemas import TokenView
from cube_demper.domain.stores import service as stores
from cube_demper.models.orders import OrdersToken, TokenOrigin, TokenProblem, TokenTask

TOKEN_TOPIC: Final = "orders.token"  # noqa: S105 - a topic of the outbox


async def tokens(tx: ReadTx, actor: Actor) -> dict[UUID, TokenView]:
    """Return the tokens of the actor's stores that have one or are getting one."""
    return {row.store_id: view_of(row) for row in await queries.list_of_owner(tx, actor.owner_id)}


async def count_orders(tx: ReadTx, actor: Actor, store_id: UUID) -> int:
    """Count the orders that go with a store. Raises StoreNotFound."""
    await stores.get_store(tx, actor, store_id)
    return await queries.count_orders(tx, store_id)


async def offer(
    tx: WriteTx, actor: Actor, store_id: UUID, text: str, *, secrets: SecretBox, now: datetime
) -> None:
    """Have a pasted token tried at Kaspi; the one that works stays until Kaspi has taken the new one.

    Raises InvalidInput (field `token`), StoreNotFound.
    """
    token = rules.read_token(text)
    values = {"offered": secrets.encrypt(token), "offered_tail": rules.tail_of(token)}
    await _ask(tx, actor, store_id, TokenTask.TRY, values, now=now)


async def fetch(tx: WriteTx, actor: Actor, store_id: UUID, now: datetime) -> None:
    """Have the token taken from the store's cabinet, and made there when there is none yet.

    Raises StoreNotFound, Conflict without a sign-in.
    """
    store = await stores.get_store(tx, actor, store_id)
    if not store.has_session or store.needs_reauth:
        raise Conflict("Сначала войдите в Kaspi: токен берётся из кабинета.")
    values = {"offered": None, "offered_tail": ""}
    await _ask(tx, actor, store_id, TokenTask.FETCH, values, now=now)


async def recheck(tx: WriteTx, actor: Actor, store_id: UUID, now: datetime) -> None:
    """Have the kept token tried again. Raises StoreNotFound, Conflict when there is none."""
    await stores.get_store(tx, actor, store_id)
    row = await queries.find(tx, store_id)
    if row is None or row.token is None:
        raise Conflict("Токена уже нет: вставьте его или возьмите из кабинета.")
    values = {"offered": None, "offered_tail": ""}
    await _ask(tx, actor, store_id, TokenTask.RECHECK, values, now=now)


async def forget(tx: WriteTx, actor: Actor, store_id: UUID) -> bool:
    """Delete a store's token, and one that is being tried; False when there was none.

    Raises StoreNotFound.
    """
    store = await stores.get_store(tx, actor, store_id)
    is_removed = await queries.remove(tx, store_id)
    if is_removed:
        await audit.record(tx, actor, "orders_token_removed", "store", store_id)
        tx.emit(f"user:{store.user_id}", "store", store_id)
    return is_removed


def view_of(row: OrdersToken) -> TokenView:
    """Return a row without its secrets."""
    return TokenView(
        tail=row.tail,
        origin=TokenOrigin(row.origin) if row.origin else None,
        accepted_at=row.accepted_at,
        checked_at=row.checked_at,
        rejected_at=row.rejected_at,
        orders_seen=row.orders_seen,
        is_matched=row.is_matched,
        offered_tail=row.offered_tail,
        task=TokenTask(row.task) if row.task else None,
        problem=TokenProblem(row.problem) if row.problem else None,
    )


async def _ask(
    tx: WriteTx,
    actor: Actor,
    store_id: UUID,
    task: TokenTask,
    values: dict[str, Any],
    *,
    now: datetime,
) -> None:
    store = await stores.get_store(tx, actor, store_id)
    asked = {**values, "task": task, "asked_at": now, "problem": None}
    token_id = await queries.ask(tx, store_id, asked)
    key, payload = f"{token_id}:{now.isoformat()}", {"token_id": str(token_id)}
    await outbox.enqueue(tx, TOKEN_TOPIC, key, {**payload, "asked_at": now.isoformat()}, now)
    await audit.record(tx, actor, "orders_token_asked", "store", store_id, task=task)
    tx.emit(f"user:{store.user_id}", "store", store_id)
