"""What the worker writes down about a store's orders token: taken, refused and why, or Kaspi is silent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import PermissionDenied
from cube_demper.core.ids import token_hash
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.audit import service as audit
from cube_demper.domain.orders import polling_queries, queries, rules
from cube_demper.domain.orders.schemas import Belongs, OrdersSeen, TokenJob
from cube_demper.models.orders import OrdersToken, TokenOrigin, TokenProblem, TokenTask


async def find_job(
    tx: ReadTx, actor: Actor, token_id: UUID, asked_at: datetime, *, secrets: SecretBox
) -> TokenJob | None:
    """Return the task that was asked for then; None when a newer one took its place or it is over."""
    _only_system(actor)
    found = await queries.find_task(tx, token_id)
    if found is None:
        return None
    row, store = found
    if row.task is None or row.asked_at != asked_at:
        return None
    task = TokenTask(row.task)
    sealed = {TokenTask.TRY: row.offered, TokenTask.RECHECK: row.token}.get(task)
    return TokenJob(
        id=row.id,
        store_id=store.id,
        merchant_id=store.merchant_id,
        points=tuple(str(point["id"]) for point in store.points),
        task=task,
        asked_at=asked_at,
        token=secrets.decrypt(sealed) if sealed else "",
    )


async def took(
    tx: WriteTx,
    actor: Actor,
    job: TokenJob,
    token: str,
    seen: OrdersSeen,
    *,
    secrets: SecretBox,
    now: datetime,
) -> TokenProblem | None:
    """Keep a token that Kaspi has taken, unless it is another store's; return that problem."""
    _only_system(actor)
    row = await queries.take_back(tx, job.id, job.asked_at)
    if row is None:
        return None
    whose = rules.belongs(seen.points, job.merchant_id, job.points)
    if whose is Belongs.OTHERS:
        return await _end(tx, row, TokenProblem.OTHER_STORE, now)
    if await queries.stands_elsewhere(tx, job.store_id, token_hash(token)):
        return await _end(tx, row, TokenProblem.TAKEN, now)
    if job.task is not TokenTask.RECHECK:
        row.token, row.token_hash = secrets.encrypt(token), token_hash(token)
        row.tail, row.accepted_at = rules.tail_of(token), now
        is_pasted = job.task is TokenTask.TRY
        row.origin = TokenOrigin.PASTED if is_pasted else TokenOrigin.CABINET
        row.is_matched = not is_pasted
        await polling_queries.set_switch(tx, job.store_id, is_on=True)
        await polling_queries.hurry(tx, job.store_id, now)
        await audit.record(tx, actor, "orders_token_kept", "store", job.store_id, of=row.origin)
    row.is_matched = row.is_matched or whose is Belongs.OURS
    row.checked_at, row.rejected_at, row.orders_seen = now, None, seen.count
    return await _end(tx, row, None, now)


async def refuse(
    tx: WriteTx, actor: Actor, job: TokenJob, problem: TokenProblem, now: datetime
) -> None:
    """End a task without a token; the one that worked before stays."""
    _only_system(actor)
    row = await queries.take_back(tx, job.id, job.asked_at)
    if row is not None:
        await _end(tx, row, problem, now)


async def wait(tx: WriteTx, actor: Actor, job: TokenJob, now: datetime) -> bool:
    """Say that Kaspi does not answer; False when it has been silent for so long that we stop."""
    _only_system(actor)
    row = await queries.take_back(tx, job.id, job.asked_at)
    if row is None:
        return False
    if now - job.asked_at > rules.KEEPS_TRYING:
        await _end(tx, row, TokenProblem.NO_ANSWER, now)
        return False
    if row.problem != TokenProblem.UNREACHABLE:
        row.problem = TokenProblem.UNREACHABLE
        await _tell(tx, row)
    return True


async def reject(tx: WriteTx, actor: Actor, store_id: UUID, token: str, now: datetime) -> bool:
    """Note that Kaspi stopped taking a store's token; False when the store has another one by now."""
    _only_system(actor)
    row = await queries.lock(tx, store_id)
    if row is None or row.token_hash != token_hash(token) or row.rejected_at is not None:
        return False
    row.rejected_at = now
    await _tell(tx, row)
    return True


async def _end(
    tx: WriteTx, row: OrdersToken, problem: TokenProblem | None, now: datetime
) -> TokenProblem | None:
    """Close the task: a refused token is forgotten at once, but its last characters name it."""
    if problem in (TokenProblem.WRONG, TokenProblem.OTHER_STORE) and row.task == TokenTask.RECHECK:
        row.rejected_at = row.rejected_at or now
    if problem is None:
        row.offered_tail = ""
    row.offered, row.task, row.problem = None, None, problem
    await _tell(tx, row)
    return problem


async def _tell(tx: WriteTx, row: OrdersToken) -> None:
    owner_id = await queries.owner_of(tx, row.store_id)
    tx.emit(f"user:{owner_id}", "store", row.store_id)


def _only_system(actor: Actor) -> None:
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
