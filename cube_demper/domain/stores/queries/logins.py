"""SQL of sign-ins to Kaspi."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.core.ids import new_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.stores import KaspiLogin, KaspiStore, LoginStep

_WORKERS_TURN = (LoginStep.OPENING, LoginStep.CHECKING, LoginStep.ENTERING)


async def find_own(
    tx: ReadTx, owner_id: UUID, login_id: UUID, *, lock: bool = False
) -> KaspiLogin | None:
    """Return a sign-in that a person began."""
    query = select(KaspiLogin).where(
        col(KaspiLogin.id) == login_id,
        col(KaspiLogin.user_id) == owner_id,
        col(KaspiLogin.is_refresh).is_(False),
    )
    found: KaspiLogin | None = await tx.scalar(
        (query.with_for_update() if lock else query).execution_options(populate_existing=True)
    )
    return found


async def find_latest(tx: ReadTx, owner_id: UUID, since: datetime) -> KaspiLogin | None:
    """Return the last sign-in that a person began since then."""
    found: KaspiLogin | None = await tx.scalar(
        select(KaspiLogin)
        .where(
            col(KaspiLogin.user_id) == owner_id,
            col(KaspiLogin.is_refresh).is_(False),
            col(KaspiLogin.started_at) >= since,
        )
        .order_by(col(KaspiLogin.started_at).desc())
        .limit(1)
    )
    return found


async def list_tries(tx: ReadTx, account_hash: str, since: datetime) -> list[datetime]:
    """Return when this account was tried since then, oldest first."""
    rows = await tx.scalars(
        select(col(KaspiLogin.started_at))
        .where(col(KaspiLogin.account_hash) == account_hash, col(KaspiLogin.started_at) > since)
        .order_by(col(KaspiLogin.started_at))
    )
    return list(rows.all())


async def find_open(tx: WriteTx, account_hash: str) -> KaspiLogin | None:
    """Lock and return the sign-in of an account that has not ended."""
    found: KaspiLogin | None = await tx.scalar(
        select(KaspiLogin)
        .where(col(KaspiLogin.account_hash) == account_hash, col(KaspiLogin.ended_at).is_(None))
        .with_for_update()
    )
    return found


async def list_open_of(tx: WriteTx, owner_id: UUID) -> list[KaspiLogin]:
    """Lock and return what a person began and has not ended."""
    rows = await tx.scalars(
        select(KaspiLogin)
        .where(
            col(KaspiLogin.user_id) == owner_id,
            col(KaspiLogin.is_refresh).is_(False),
            col(KaspiLogin.ended_at).is_(None),
        )
        .order_by(col(KaspiLogin.id))
        .with_for_update()
    )
    return list(rows.all())


async def add(tx: WriteTx, values: dict[str, Any]) -> UUID | None:
    """Add a sign-in; None when its account has one that is open."""
    added: UUID | None = await tx.scalar(
        insert(KaspiLogin)
        .values(id=new_id(), **values)
        .on_conflict_do_nothing()
        .returning(col(KaspiLogin.id))
    )
    return added


async def claim(tx: WriteTx, now: datetime, until: datetime) -> KaspiLogin | None:
    """Take the sign-in that waits longest for a worker."""
    free = or_(col(KaspiLogin.claimed_until).is_(None), col(KaspiLogin.claimed_until) < now)
    row: KaspiLogin | None = await tx.scalar(
        select(KaspiLogin)
        .where(
            col(KaspiLogin.ended_at).is_(None),
            col(KaspiLogin.expires_at) > now,
            col(KaspiLogin.step).in_(_WORKERS_TURN),
            or_(col(KaspiLogin.retry_at).is_(None), col(KaspiLogin.retry_at) <= now),
            free,
        )
        .order_by(col(KaspiLogin.is_refresh), col(KaspiLogin.started_at))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if row is not None:
        row.claimed_until = until
        await tx.flush()
    return row


async def extend_claim(tx: WriteTx, login_id: UUID, until: datetime) -> None:
    """Hold a sign-in longer, if it is still held at all."""
    await tx.execute(
        update(KaspiLogin)
        .where(
            col(KaspiLogin.id) == login_id,
            col(KaspiLogin.ended_at).is_(None),
            col(KaspiLogin.claimed_until).is_not(None),
        )
        .values(claimed_until=until)
    )


async def take_back(tx: WriteTx, login_id: UUID) -> KaspiLogin | None:
    """Lock a sign-in that a worker has news of; None when it ended meanwhile."""
    found: KaspiLogin | None = await tx.scalar(
        select(KaspiLogin)
        .where(col(KaspiLogin.id) == login_id, col(KaspiLogin.ended_at).is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


async def list_expired(tx: WriteTx, now: datetime) -> list[KaspiLogin]:
    """Lock and return up to a hundred sign-ins whose time is over and that nobody works on."""
    rows = await tx.scalars(
        select(KaspiLogin)
        .where(
            col(KaspiLogin.ended_at).is_(None),
            col(KaspiLogin.expires_at) <= now,
            or_(col(KaspiLogin.claimed_until).is_(None), col(KaspiLogin.claimed_until) < now),
        )
        .order_by(col(KaspiLogin.id))
        .limit(100)
        .with_for_update(skip_locked=True)
    )
    return list(rows.all())


async def list_refreshes(tx: WriteTx, store_id: UUID) -> list[KaspiLogin]:
    """Lock and return the refreshes of a store that have not ended."""
    rows = await tx.scalars(
        select(KaspiLogin)
        .where(
            col(KaspiLogin.store_id) == store_id,
            col(KaspiLogin.is_refresh),
            col(KaspiLogin.ended_at).is_(None),
        )
        .order_by(col(KaspiLogin.id))
        .with_for_update()
    )
    return list(rows.all())


async def retries(tx: ReadTx, store_ids: list[UUID]) -> dict[UUID, datetime]:
    """Return when the refresh of each store is tried again, of those that must wait."""
    rows = await tx.execute(
        select(col(KaspiLogin.store_id), col(KaspiLogin.retry_at)).where(
            col(KaspiLogin.store_id).in_(store_ids),
            col(KaspiLogin.is_refresh),
            col(KaspiLogin.ended_at).is_(None),
        )
    )
    return {store_id: retry_at for store_id, retry_at in rows if store_id and retry_at}


async def find_store(tx: ReadTx, store_id: UUID) -> KaspiStore | None:
    """Return a store as it is now."""
    found: KaspiStore | None = await tx.scalar(
        select(KaspiStore)
        .where(col(KaspiStore.id) == store_id)
        .execution_options(populate_existing=True)
    )
    return found


async def lock_merchants(tx: WriteTx, uids: list[str]) -> list[KaspiStore]:
    """Lock and return the connected stores of these merchants, whoever's they are."""
    rows = await tx.scalars(
        select(KaspiStore)
        .where(col(KaspiStore.merchant_id).in_(uids))
        .order_by(col(KaspiStore.id))
        .with_for_update()
    )
    return list(rows.all())


async def list_to_refresh(tx: ReadTx, limit: int = 20) -> list[KaspiStore]:
    """Return marked stores without a reason yet, whose password we may use and nobody does."""
    password = col(KaspiStore.guid)["password"].astext
    is_open = exists().where(
        and_(
            col(KaspiLogin.ended_at).is_(None),
            col(KaspiLogin.is_refresh),
            col(KaspiLogin.store_id) == col(KaspiStore.id),
        )
    )
    rows = await tx.scalars(
        select(KaspiStore)
        .where(
            col(KaspiStore.needs_reauth),
            col(KaspiStore.reauth_reason).is_(None),
            col(KaspiStore.is_active),
            func.coalesce(password, "") != "",
            ~is_open,
        )
        .order_by(col(KaspiStore.id))
        .limit(limit)
    )
    return list(rows.all())


async def give_reason(tx: WriteTx, store_id: UUID, reason: str) -> tuple[UUID, str] | None:
    """Say why a marked store could not be refreshed; None when it has a reason or signed in."""
    row = await tx.execute(
        update(KaspiStore)
        .where(
            col(KaspiStore.id) == store_id,
            col(KaspiStore.needs_reauth),
            col(KaspiStore.reauth_reason).is_(None),
        )
        .values(reauth_reason=reason)
        .returning(col(KaspiStore.user_id), col(KaspiStore.name))
    )
    found = row.one_or_none()
    return (found[0], found[1]) if found else None
