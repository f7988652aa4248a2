"""Deleting a person: out at once; their data goes in the background; what the law keeps stays without a name.

Kept: payments, refunds, papers, the ledger and what partners and friends earned, 5 years for taxes
(Налоговый кодекс РК, ст. 48: срок исковой давности); and the audit, which is never changed. Papers have
both sides as they were printed: a paper without its buyer is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import SQLModel

from cube_demper.core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from cube_demper.core.ids import new_token
from cube_demper.db import outbox
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts import queries
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.audit import service as audit
from cube_demper.models.accounts import User, UserRole

TOPIC = "user.erase"
KEPT: Final[Mapping[str, str]] = {
    "users": "строка без имени и почты: на неё ссылаются платежи",
    "payments": "платежи: налоговый учёт, 5 лет",
    "refunds": "возвраты: налоговый учёт, 5 лет",
    "invoices": "счета и акты: первичные документы, 5 лет",
    "subscriptions": "за какие дни заплачено: к платежам и актам",
    "referral_transactions": "что заработано на приглашениях: расчёты с людьми",
    "partner_leads": "кого привёл партнёр: расчёты с партнёром",
    "proxies": "адреса сервиса: освобождаются",
    "order_actions": "имя стирается вместе с магазином",
}
"""Tables with rows of a person that deleting leaves, and why."""


async def delete_user(tx: WriteTx, actor: Actor, user_id: UUID, reason: str, now: datetime) -> None:
    """Delete a seller: shut out now, erased in the background. Raises NotFound, Conflict, InvalidInput."""
    actor.require_role(Role.ADMIN, Role.SYSTEM)
    if actor.user_id == user_id:
        raise PermissionDenied("Себя удалить нельзя.")
    if len(reason := reason.strip()) < 3:
        raise InvalidInput("Напишите причину: она останется в журнале.", field="reason")
    user = await tx.get(User, user_id, with_for_update=True)
    if user is None or user.deleted_at is not None:
        raise NotFound("Такого пользователя уже нет.")
    if user.role != UserRole.USER:
        raise Conflict("Сотрудника сначала лишите роли.")
    user.is_blocked, user.deleted_at = True, now
    await queries.revoke_sessions(tx, user_id, now)
    await outbox.enqueue(tx, TOPIC, user_id, {"user_id": str(user_id)}, now)
    await audit.record(
        tx, actor, "user_deleted", "user", user_id, owner=user_id, reason=reason[:300]
    )
    tx.emit(f"user:{user_id}", "session")
    tx.emit("staff", "users", user_id)


async def erase(tx: WriteTx, actor: Actor, payload: dict[str, Any], now: datetime) -> None:
    """Erase what is personal of a deleted person; again is fine. Raises PermissionDenied."""
    actor.require_role(Role.SYSTEM)
    user_id = UUID(payload["user_id"])
    user = await tx.get(User, user_id, with_for_update=True)
    if user is None or user.deleted_at is None:
        return
    # A store takes its goods, orders and sign-ins with it by foreign keys.
    for table, column in personal_columns():
        await tx.execute(delete(table).where(column == user_id))
    for table, column in _mentions():
        await tx.execute(update(table).where(column == user_id).values({column.name: None}))
    user.email = f"deleted-{user_id}@deleted.invalid"
    user.full_name, user.password_hash = "", new_token()
    user.email_confirmed_at, user.last_seen_at = None, None
    await tx.flush()
    await audit.record(tx, actor, "user_erased", "user", user_id, owner=user_id, at=now.isoformat())


def personal_columns() -> list[tuple[Any, Any]]:
    """Return tables whose rows go with the person, with the column that says whose they are."""
    return [
        (table, column)
        for table, column, on_delete in _pointing_at_users()
        if on_delete == "CASCADE" and table.name not in KEPT
    ]


def _mentions() -> list[tuple[Any, Any]]:
    return [
        (table, column)
        for table, column, on_delete in _pointing_at_users()
        if on_delete == "SET NULL" and column.name not in ("referred_by", "referred_user_id")
    ]


def _pointing_at_users() -> list[tuple[Any, Any, str | None]]:
    return [
        (table, key.parent, key.ondelete)
        for table in SQLModel.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "users"
    ]
