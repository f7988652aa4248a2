"""All SQL of the directory of people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true
from sqlalchemy.orm import aliased
from sqlmodel import col

from cube_demper.db.keyset import Cursor, Window, take
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.directory_schemas import Money, PeopleFilter, PersonStore
from cube_demper.domain.accounts.looking_for import Wanted
from cube_demper.models.accounts import User, UserRole, UserSession
from cube_demper.models.billing import Payment, PaymentStatus, Plan
from cube_demper.models.catalog import Product
from cube_demper.models.messaging import WhatsAppSession
from cube_demper.models.operations import AuditEntry
from cube_demper.models.partners import Partner
from cube_demper.models.stores import KaspiStore

_STAFF = col(User.role) != UserRole.USER
_SHUT_OUT = col(User.is_blocked) == true()
"""Said beside what is narrower, so that the small partial index of these rows is used."""


async def page(
    tx: ReadTx,
    asked: PeopleFilter,
    wanted: Wanted,
    phones: Sequence[bytes],
    *,
    cursor: Cursor | None,
    size: int,
    now: datetime,
) -> Window[User]:
    """Return a page of people that fit, the newest first."""
    # Asked first: inside of an OR it would cost every other way its index.
    owners = await _owners_of(tx, phones) if phones else []
    conditions = [*_narrowed(asked, now), *_found(wanted, owners)]
    # Ids alone: an index of the order holds all that people are narrowed by, and their rows are not read.
    ids = await take(
        tx,
        cast("Select[Any]", select(col(User.created_at), col(User.id)).where(*conditions)),
        User,
        cursor,
        size,
        make=lambda row: row[1],
        key=lambda row: (row[0], row[1]),
    )
    people = await tx.scalars(select(User).where(col(User.id).in_(ids.rows)))
    by_id = {it.id: it for it in people}
    return Window([by_id[it] for it in ids.rows], ids.newer, ids.older)


def _found(wanted: Wanted, owners: Sequence[UUID]) -> list[ColumnElement[bool]]:
    if wanted.is_empty:
        return []
    ways: list[ColumnElement[bool]] = []
    if wanted.email:
        ways.append(func.lower(col(User.email)).like(_begins(wanted.email), escape="\\"))
    if wanted.words:
        query = " & ".join(f"{_lexeme(word)}:*" for word in wanted.words)
        name = func.to_tsvector("simple", col(User.full_name))
        ways.append(name.bool_op("@@")(func.to_tsquery("simple", query)))
    if wanted.ids:
        ways.append(col(User.id).between(*wanted.ids))
    if owners:
        ways.append(col(User.id).in_(owners))
    return [or_(*ways)] if ways else [false()]


async def _owners_of(tx: ReadTx, phones: Sequence[bytes]) -> Sequence[UUID]:
    rows = await tx.scalars(
        select(col(WhatsAppSession.user_id)).where(col(WhatsAppSession.phone_hash).in_(phones))
    )
    return rows.all()


def _begins(text: str) -> str:
    for sign in "\\%_":
        text = text.replace(sign, f"\\{sign}")
    return f"{text}%"


def _lexeme(word: str) -> str:
    quoted = word.replace("\\", "").replace("'", "''")
    return f"'{quoted}'"


def _narrowed(asked: PeopleFilter, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.tab == "blocked":
        found += [_SHUT_OUT, col(User.deleted_at).is_(None)]
    elif asked.tab == "deleted":
        found += [_SHUT_OUT, col(User.deleted_at).is_not(None)]
    elif asked.tab in (UserRole.ADMIN, UserRole.SUPPORT):
        found += [col(User.role) == asked.tab, _STAFF]
    elif asked.tab == UserRole.USER:
        found.append(col(User.role) == asked.tab)
    if asked.email:
        is_confirmed = col(User.email_confirmed_at).is_not(None)
        found.append(is_confirmed if asked.email == "yes" else ~is_confirmed)
    if asked.plan:
        found.append(_has_plan(asked.plan, now))
    if asked.stores:
        found.append(_has_stores(asked.stores))
    return [*found, *_in_time(asked)]


def _in_time(asked: PeopleFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.since:
        found.append(col(User.created_at) >= asked.since)
    if asked.before:
        found.append(col(User.created_at) < asked.before)
    if asked.seen_since:
        found.append(col(User.last_seen_at) >= asked.seen_since)
    return found


def _has_plan(plan: str, now: datetime) -> ColumnElement[bool]:
    has_any, until = col(User.plan).is_not(None), col(User.plan_until)
    if plan == "free":
        return or_(~has_any, until <= now, _plan_is(Plan.FREE, now))
    if plan == "left":
        unpaid = or_(_plan_is("trial", now), _plan_is(Plan.FREE, now))
        return and_(col(User.has_paid), or_(~has_any, until <= now, unpaid))
    return and_(has_any, until > now, _plan_is(plan, now))


def _plan_is(plan: str, now: datetime) -> ColumnElement[bool]:
    """Said of who has any; what was had before a bigger plan is had until its day."""
    before, until = col(User.plan_before), col(User.plan_before_until)
    return or_(
        and_(col(User.plan) == plan, or_(until.is_(None), until <= now)),
        and_(before == plan, until > now),
    )


def _has_stores(kind: str) -> ColumnElement[bool]:
    if kind == "lost":
        return col(User.stores_lost) > 0
    return col(User.stores) > 0 if kind == "with" else col(User.stores) == 0


async def list_stores(tx: ReadTx, user_id: UUID) -> list[PersonStore]:
    """Return a person's stores with how many goods each has, and with the bot on."""
    rows = await tx.execute(
        select(
            KaspiStore,
            func.count(col(Product.id)),
            func.count(case((col(Product.bot_active), 1))),
        )
        .outerjoin(Product, col(Product.store_id) == col(KaspiStore.id))
        .where(col(KaspiStore.user_id) == user_id)
        .group_by(col(KaspiStore.id))
        .order_by(col(KaspiStore.name), col(KaspiStore.id))
    )
    return [
        PersonStore(
            id=store.id,
            name=store.name,
            merchant_id=store.merchant_id,
            is_active=store.is_active,
            needs_reauth=store.needs_reauth,
            goods=goods,
            bots=bots,
        )
        for store, goods, bots in rows.tuples()
    ]


async def list_payments(tx: ReadTx, user_id: UUID, limit: int) -> Sequence[Payment]:
    """Return a person's latest payments."""
    rows = await tx.scalars(
        select(Payment)
        .where(col(Payment.user_id) == user_id)
        .order_by(col(Payment.created_at).desc(), col(Payment.id))
        .limit(limit)
    )
    return rows.all()


async def sum_payments(tx: ReadTx, user_id: UUID) -> Money:
    """Return what a person has paid with money and got back."""
    paid = (PaymentStatus.PAID, PaymentStatus.PARTLY_REFUNDED, PaymentStatus.REFUNDED)
    row = (
        await tx.execute(
            select(
                func.coalesce(func.sum(col(Payment.amount) - col(Payment.from_balance)), 0),
                func.coalesce(func.sum(col(Payment.refunded)), 0),
                func.count(),
            ).where(col(Payment.user_id) == user_id, col(Payment.status).in_(paid))
        )
    ).one()
    return Money(int(row[0]), int(row[1]), int(row[2]))


async def came_by(tx: ReadTx, user: User) -> str:
    """Return who brought a person: a partner's or friend's e-mail."""
    if user.partner_id:
        partner = await tx.get(Partner, user.partner_id)
        return partner.email if partner else ""
    friend = await tx.get(User, user.referred_by) if user.referred_by else None
    return friend.email if friend else ""


async def count_invited(tx: ReadTx, user_id: UUID) -> int:
    """Count whom a person brought."""
    found = await tx.scalar(
        select(func.count()).select_from(User).where(col(User.referred_by) == user_id)
    )
    return int(found or 0)


async def list_sessions(tx: ReadTx, user_id: UUID, now: datetime) -> Sequence[UserSession]:
    """Return a person's live sessions in every app, newest first."""
    rows = await tx.scalars(
        select(UserSession)
        .where(
            col(UserSession.user_id) == user_id,
            col(UserSession.revoked_at).is_(None),
            col(UserSession.expires_at) > now,
        )
        .order_by(col(UserSession.created_at).desc())
        .limit(20)
    )
    return rows.all()


async def list_deeds(tx: ReadTx, user_id: UUID, limit: int) -> Sequence[tuple[AuditEntry, str]]:
    """Return the latest of the audit about a person's data, with who did it."""
    doer = aliased(User)
    rows = await tx.execute(
        select(AuditEntry, func.coalesce(doer.email, ""))
        .outerjoin(doer, col(doer.id) == col(AuditEntry.actor_id))
        .where(col(AuditEntry.owner_id) == user_id)
        .order_by(col(AuditEntry.created_at).desc(), col(AuditEntry.id).desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]
