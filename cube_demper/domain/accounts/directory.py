"""People as an admin finds them: one page of a list of any length, and everything about one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import NotFound
from cube_demper.db.keyset import Window, read_cursor
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts import directory_queries, looking_for
from cube_demper.domain.accounts.directory_schemas import PeopleFilter, PersonCard, PersonRow
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.billing import service as billing
from cube_demper.models.accounts import User

PAGE_SIZE = 50


async def page(
    tx: ReadTx, actor: Actor, asked: PeopleFilter, *, cursor: str, secrets: SecretBox, now: datetime
) -> Window[PersonRow]:
    """Return a page of people, the newest first. Raises PermissionDenied for all but admins."""
    actor.require_role(Role.ADMIN)
    wanted = looking_for.read(asked.search)
    if wanted.is_empty and asked.search.strip():
        return Window([])
    phones = secrets.fingerprints(wanted.phone) if wanted.phone else []
    found = await directory_queries.page(
        tx, asked, wanted, phones, cursor=read_cursor(cursor), size=PAGE_SIZE, now=now
    )
    ids = [it.id for it in found.rows]
    if not ids:
        return Window([], found.newer, found.older)
    plans = await billing.entitlements(tx, actor, ids, now)
    rows = [
        PersonRow(
            id=it.id,
            email=it.email,
            name=it.full_name,
            role=Role(it.role),
            is_blocked=it.is_blocked,
            is_deleted=it.deleted_at is not None,
            is_confirmed=it.email_confirmed_at is not None,
            created_at=it.created_at,
            last_seen_at=it.last_seen_at,
            plan=plans[it.id].plan,
            is_trial=plans[it.id].is_trial,
            plan_ends_at=plans[it.id].ends_at,
            stores=it.stores,
        )
        for it in found.rows
    ]
    return Window(rows, found.newer, found.older)


async def card(tx: ReadTx, actor: Actor, user_id: UUID, now: datetime) -> PersonCard:
    """Return everything about a person. Raises PermissionDenied, NotFound."""
    actor.require_role(Role.ADMIN)
    user = await tx.get(User, user_id)
    if user is None:
        raise NotFound("Такого пользователя нет.")
    plan = (await billing.entitlements(tx, actor, [user_id], now))[user_id]
    return PersonCard(
        user=user,
        plan=plan,
        stores=await directory_queries.list_stores(tx, user_id),
        payments=await directory_queries.list_payments(tx, user_id, limit=10),
        money=await directory_queries.sum_payments(tx, user_id),
        came_by=await directory_queries.came_by(tx, user),
        invited=await directory_queries.count_invited(tx, user_id),
        sessions=await directory_queries.list_sessions(tx, user_id, now),
        deeds=await directory_queries.list_deeds(tx, user_id, limit=20),
    )
