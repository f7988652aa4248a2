"""The customer's card beside a chat, for staff alone: read with the seller's own eyes, written by nobody.

Personal data are masked for a support person; secrets are not in what is read at all.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cube_demper.core.clock import ALMATY
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.billing import viewing
from cube_demper.domain.catalog.syncs import service as syncs
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.kinds import KINDS
from cube_demper.domain.orders import switching
from cube_demper.domain.partners.masking import masked_mail
from cube_demper.domain.stores import service as stores
from cube_demper.domain.support import customer_queries as queries
from cube_demper.domain.support.access import require_staff
from cube_demper.domain.support.customer_schemas import Customer, Person, StoreHealth
from cube_demper.domain.support.errors import ChatNotFound

MOST_STORES: Final = 12
"""Stores on a card; more are counted."""
_TROUBLES, _CHANGES = 6, 4
_TROUBLE_KINDS: Final = frozenset(it.code for it in KINDS.values() if it.tone in ("red", "amber"))


async def customer(
    tx: ReadTx, actor: Actor, chat_id: UUID, now: datetime, *, changes_limit: int
) -> Customer:
    """Return who writes in a chat and how their business is doing.

    `changes_limit`: how many price changes Kaspi takes in 30 minutes.
    Raises ChatNotFound, PermissionDenied for who is no staff.
    """
    require_staff(actor)
    found = await queries.find_people(tx, chat_id)
    if found is None:
        raise ChatNotFound
    writer, owner = found
    seller = owner or writer
    eyes = Actor(Role.USER, seller.id)
    health = await _stores(tx, eyes, now, changes_limit)
    ids = [it.status.store.id for it in health]
    midnight = now.astimezone(ALMATY).replace(hour=0, minute=0, second=0, microsecond=0)
    return Customer(
        person=Person(
            user_id=writer.id,
            name=writer.full_name,
            email=writer.email if actor.role is Role.ADMIN else masked_mail(writer.email),
            works_for=(owner.full_name or masked_mail(owner.email)) if owner else "",
            is_email_confirmed=writer.email_confirmed_at is not None,
            is_blocked=writer.is_blocked or seller.is_blocked,
            registered_at=writer.created_at,
            last_seen_at=writer.last_seen_at,
        ),
        standing=await viewing.standing(tx, eyes, now),
        usage=await viewing.usage(tx, eyes, now),
        balance=await viewing.balance(tx, eyes),
        payment=await viewing.last_payment(tx, eyes),
        stores=tuple(health[:MOST_STORES]),
        store_count=len(health),
        conditions=tuple(await stores.why_not(tx, eyes, now)),
        troubles=tuple(
            await notifications.list_latest(tx, eyes, limit=_TROUBLES, kinds=_TROUBLE_KINDS)
        ),
        changes=tuple(await stores.latest_changes(tx, eyes, limit=_CHANGES)),
        orders=await queries.orders_brief(tx, ids, midnight, now - timedelta(days=7)),
    )


async def _stores(tx: ReadTx, eyes: Actor, now: datetime, changes_limit: int) -> list[StoreHealth]:
    seen = await stores.bot_status(tx, eyes, now, changes_limit=changes_limit)
    runs = await syncs.last_runs(tx, eyes, [it.store.id for it in seen.stores[:MOST_STORES]])
    polls = {it.store_id: it for it in await switching.polls(tx, eyes)}
    return [StoreHealth(it, runs.get(it.store.id), polls.get(it.store.id)) for it in seen.stores]
