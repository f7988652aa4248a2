"""Managers of a seller: invited by letter, let in by their own account, let go at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.core.errors import Conflict, InvalidInput, LimitReached, NotFound
from cube_demper.core.ids import new_id, token_hash
from cube_demper.db import outbox
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts import people, staff_queries
from cube_demper.domain.accounts.errors import LinkExpired
from cube_demper.domain.accounts.rights import WORDS
from cube_demper.domain.accounts.schemas import (
    SYSTEM,
    Actor,
    Cabinet,
    Deed,
    Invitation,
    StaffRow,
)
from cube_demper.domain.audit import service as audit
from cube_demper.domain.notifications import managers
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.models.accounts import User
from cube_demper.models.staff import Area, StaffMember

INVITATION_LIFE = timedelta(days=7)
INVITE_TOPIC = "mail.staff_invite"
Key = str | UUID
"""The token of a letter's link, or the id of an invitation to the actor's confirmed mailbox."""
_MOST = 20


async def list_staff(tx: ReadTx, actor: Actor) -> list[StaffRow]:
    """List the actor's managers and open invitations. Raises PermissionDenied for a manager."""
    actor.require(None)
    return [
        StaffRow(
            id=row.id,
            email=row.email,
            name=user.full_name if user else "",
            rights=frozenset(Area(it) for it in row.rights),
            accepted_at=row.accepted_at,
            expires_at=row.expires_at,
            last_seen_at=user.last_seen_at if user else None,
        )
        for row, user in await staff_queries.list_of_owner(tx, actor.owner_id)
    ]


async def invite(
    tx: WriteTx, actor: Actor, email: str, rights: Collection[str], now: datetime
) -> None:
    """Invite a manager, or send the letter of an open invitation again with these rights.

    Raises InvalidInput, Conflict, LimitReached; PermissionDenied for a manager.
    """
    actor.require(None)
    email = people.checked_email(email)
    if email.lower() == actor.email.lower():
        raise InvalidInput("Это ваша собственная почта.", field="email")
    areas = _areas(rights)
    known = await staff_queries.find_live(tx, actor.owner_id, email)
    if known is not None and known.accepted_at is not None:
        raise Conflict("Этот человек уже работает с вами: права можно изменить в списке.")
    if known is None and await staff_queries.count_live(tx, actor.owner_id) >= _MOST:
        raise LimitReached(f"Сотрудников может быть не больше {_MOST}.")
    row = known or StaffMember(owner_id=actor.owner_id, email=email, expires_at=now)
    row.rights, row.expires_at, row.token_hash = areas, now + INVITATION_LIFE, None
    tx.add(row)
    await tx.flush()
    payload = {"staff_id": str(row.id), "asked_at": now.isoformat()}
    await outbox.enqueue(tx, INVITE_TOPIC, new_id(), payload, now)
    await audit.record(tx, actor, "staff_invited", "staff_member", row.id, rights=areas)
    tx.emit(f"user:{actor.owner_id}", "staff")


async def change_rights(tx: WriteTx, actor: Actor, staff_id: UUID, rights: Collection[str]) -> None:
    """Give a manager other rights; they hold from their next click. Raises NotFound, InvalidInput."""
    row = await _own(tx, actor, staff_id)
    row.rights = _areas(rights)
    await tx.flush()
    if row.user_id is not None:
        await managers.keep_only(tx, row.user_id, actor.owner_id, [Area(it) for it in row.rights])
    await audit.record(tx, actor, "staff_changed", "staff_member", staff_id, rights=row.rights)
    tx.emit(f"user:{actor.owner_id}", "staff")


async def revoke(tx: WriteTx, actor: Actor, staff_id: UUID, now: datetime) -> None:
    """Let a manager go, or take an invitation back: from their next click they see nothing of ours.

    Raises NotFound; PermissionDenied for a manager.
    """
    row = await _own(tx, actor, staff_id)
    row.revoked_at, row.token_hash = now, None
    await tx.flush()
    if row.user_id is not None:
        await staff_queries.leave(tx, row.user_id, actor.owner_id)
        await managers.keep_only(tx, row.user_id, actor.owner_id)
        tx.emit(f"user:{row.user_id}", "staff")
    await audit.record(tx, actor, "staff_revoked", "staff_member", staff_id)
    tx.emit(f"user:{actor.owner_id}", "staff")


async def find_invitation(tx: ReadTx, actor: Actor, key: Key, now: datetime) -> Invitation:
    """Return what the actor is invited to. Raises LinkExpired, also for another mailbox's link."""
    return _as_invitation(*await _invited(tx, actor, key, now))


async def open_invitation(tx: ReadTx, actor: Actor, now: datetime) -> Invitation | None:
    """Return the newest open invitation to the actor's own mailbox, once that is confirmed.

    It stands without the letter's link, which a person who had to sign up first no longer has.
    """
    found = await staff_queries.find_open(tx, actor.email, now)
    if found is None or not await _owns_mailbox(tx, actor):
        return None
    return _as_invitation(*found)


async def accept(tx: WriteTx, actor: Actor, key: Key, now: datetime) -> UUID:
    """Begin to work for the seller who invited; return their id. Raises LinkExpired."""
    row, owner = await _invited(tx, actor, key, now)
    row.user_id, row.accepted_at, row.token_hash = actor.person_id, now, None
    user = await tx.get_one(User, actor.person_id)
    user.acts_for = owner.id
    user.email_confirmed_at = user.email_confirmed_at or now  # the letter's link came to it
    await tx.flush()
    await audit.record(tx, actor, "staff_joined", "staff_member", row.id, seller=str(owner.id))
    await notifications.notify(
        tx,
        SYSTEM,
        Tell(
            user_id=owner.id,
            kind="staff",
            title=f"{user.full_name or user.email} теперь работает с вами",
            body="Права можно изменить, а доступ закрыть в настройках.",
            link="/settings?tab=staff",
            dedupe_key=f"staff:{row.id}",
        ),
    )
    tx.emit(f"user:{owner.id}", "staff")
    return owner.id


async def list_cabinets(tx: ReadTx, actor: Actor) -> list[Cabinet]:
    """List the sellers whom the person may work for."""
    return [
        Cabinet(owner.id, owner.full_name or owner.email, owner.id == actor.acts_for)
        for owner in await staff_queries.list_owners(tx, actor.person_id)
    ]


async def choose_cabinet(tx: WriteTx, actor: Actor, owner_id: UUID | None) -> None:
    """Work for this seller from now on, or for oneself (None). Raises NotFound."""
    known = await list_cabinets(tx, actor)
    if owner_id is not None and all(it.owner_id != owner_id for it in known):
        raise NotFound("Доступа к этому кабинету больше нет.")
    user = await tx.get_one(User, actor.person_id)
    user.acts_for = owner_id
    await tx.flush()


async def deeds(tx: ReadTx, actor: Actor, *, limit: int = 30) -> list[Deed]:
    """List who did what to the actor's stores of late. Raises PermissionDenied for a manager."""
    actor.require(None)
    return await staff_queries.deeds(tx, actor.owner_id, limit)


async def _own(tx: WriteTx, actor: Actor, staff_id: UUID) -> StaffMember:
    actor.require(None)
    row = await tx.get(StaffMember, staff_id, with_for_update=True)
    if row is None or row.owner_id != actor.owner_id or row.revoked_at is not None:
        raise NotFound("Этого сотрудника в списке уже нет.")
    return row


async def _invited(tx: ReadTx, actor: Actor, key: Key, now: datetime) -> tuple[StaffMember, User]:
    if isinstance(key, str):
        found = await staff_queries.find_by_token(tx, token_hash(key), now)
    else:
        is_known = await _owns_mailbox(tx, actor)
        found = await staff_queries.find_open(tx, actor.email, now, key) if is_known else None
    if found is None or found[0].email.lower() != actor.email.lower():
        raise LinkExpired(
            "Приглашение устарело, отозвано или пришло на другую почту. Попросите новое."
        )
    return found


async def _owns_mailbox(tx: ReadTx, actor: Actor) -> bool:
    return (await tx.get_one(User, actor.person_id)).email_confirmed_at is not None


def _as_invitation(row: StaffMember, owner: User) -> Invitation:
    rights = frozenset(Area(it) for it in row.rights)
    return Invitation(row.id, owner.full_name or owner.email, row.email, rights)


def _areas(rights: Collection[str]) -> list[str]:
    known = {str(area) for area in WORDS}
    if not set(rights) <= known:
        raise InvalidInput("Такого права нет. Обновите страницу.", field="rights")
    return sorted(rights)
