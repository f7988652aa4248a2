"""What a seller sees of the reading of their stores' orders, and switches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.audit import service as audit
from cube_demper.domain.orders import polling_queries as queries
from cube_demper.domain.orders import polling_rules as rules
from cube_demper.domain.stores import service as stores
from cube_demper.models.orders import OrderSource
from cube_demper.models.polling import OrdersPoll, PollProblem
from cube_demper.models.stores import KaspiStore


@dataclass(frozen=True, slots=True)
class PollView:
    """How the orders of one store are read. `import_percent` None: there is no import going on."""

    store_id: UUID
    store_name: str
    is_on: bool
    source: OrderSource | None = None
    polled_at: datetime | None = None
    import_percent: int | None = None
    imported: int = 0
    problem: PollProblem | None = None
    problem_since: datetime | None = None


async def polls(tx: ReadTx, actor: Actor) -> list[PollView]:
    """Return how the orders of the actor's stores are read; everybody's for the product itself."""
    owner_id = None if actor.role is Role.SYSTEM else actor.owner_id
    return [_view(store, row) for store, row in await queries.list_of_stores(tx, owner_id)]


async def switch(tx: WriteTx, actor: Actor, store_id: UUID, now: datetime, *, is_on: bool) -> bool:
    """Begin or stop reading a store's orders; what was read stays. False when it stood so already.

    Raises StoreNotFound.
    """
    store = await stores.get_store(tx, actor, store_id)
    if not await queries.set_switch(tx, store_id, is_on=is_on):
        return False
    if is_on:
        await queries.hurry(tx, store_id, now)
    action = "orders_reading_on" if is_on else "orders_reading_off"
    await audit.record(tx, actor, action, "store", store_id)
    tx.emit(f"user:{store.user_id}", "orders", store_id)
    return True


async def read_now(tx: WriteTx, actor: Actor, store_id: UUID, now: datetime) -> None:
    """Have a store's orders read without waiting for its turn. Raises StoreNotFound."""
    await stores.get_store(tx, actor, store_id)
    await queries.hurry(tx, store_id, now)


def _view(store: KaspiStore, row: OrdersPoll | None) -> PollView:
    if row is None:
        return PollView(store.id, store.name, store.orders_polling_enabled)
    percent = None
    if row.import_finished_at is None:
        percent = rules.import_share(row.import_since, row.import_cursor, row.import_started_at)
    return PollView(
        store_id=store.id,
        store_name=store.name,
        is_on=store.orders_polling_enabled,
        source=OrderSource(row.source) if row.source else None,
        polled_at=row.polled_at,
        import_percent=percent,
        imported=row.imported,
        problem=PollProblem(row.problem) if row.problem else None,
        problem_since=row.problem_since,
    )
