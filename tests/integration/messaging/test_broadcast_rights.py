"""Broadcasts are their seller's alone; a manager needs the right, and sees buyers only with another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from broadcast_scene import TEXT, add_buyers, begin, draft, know, reach, start
from messaging_scene import NOON, Talk
from records import add_user, seller
from sqlalchemy import select

from cube_demper.core.errors import InvalidInput, PermissionDenied
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import NOBODY, Actor, Role
from cube_demper.domain.messaging.broadcasts import checking, drafts, feeding, running, viewing
from cube_demper.domain.messaging.broadcasts.errors import BroadcastNotFound
from cube_demper.domain.messaging.broadcasts.schemas import Audience, DraftInput, Reach
from cube_demper.models.operations import AuditEntry
from cube_demper.models.staff import Area

Act = Callable[[WriteTx, Actor, Talk, UUID], Awaitable[Any]]
NEW = DraftInput("Зима", TEXT)

CHANGES: dict[str, Act] = {
    "change": lambda tx, who, _, it: drafts.change(tx, who, it, NEW),
    "copy": lambda tx, who, _, it: drafts.copy(tx, who, it, NOON),
    "remove": lambda tx, who, _, it: drafts.remove(tx, who, it),
    "start": lambda tx, who, talk, it: running.start(
        tx, who, it, NOON, people=2, has_agreed=True, secrets=talk.services.secrets
    ),
}
READS: dict[str, Act] = {
    "get": lambda tx, who, talk, it: viewing.get(tx, who, it, NOON, secrets=talk.services.secrets),
    "check": lambda tx, who, talk, it: checking.check(
        tx, who, it, NOON, secrets=talk.services.secrets
    ),
}
STANDS: dict[str, Act] = {
    "pause": lambda tx, who, _, it: running.pause(tx, who, it),
    "stop": lambda tx, who, _, it: running.stop(tx, who, it, NOON),
}


def manager(talk: Talk, *areas: Area) -> Actor:
    return Actor(Role.USER, uuid4(), acts_for=talk.user.id, rights=frozenset(areas))


@pytest.mark.parametrize("name", [*CHANGES, *READS, *STANDS])
async def test_only_with_the_right(talk: Talk, name: str) -> None:
    await add_buyers(talk, 2)
    broadcast = await (begin(talk, 2) if name in STANDS else draft(talk))
    act = (CHANGES | READS | STANDS)[name]
    for actor in (NOBODY, Actor(Role.SUPPORT, uuid4()), manager(talk, Area.PRICES)):
        with pytest.raises(PermissionDenied):
            async with talk.db.write() as tx:
                await act(tx, actor, talk, broadcast)
    async with talk.db.write() as tx:
        stranger = await add_user(tx)
    with pytest.raises(BroadcastNotFound):
        async with talk.db.write() as tx:
            await act(tx, seller(stranger), talk, broadcast)
    async with talk.db.write() as tx:
        await act(tx, replace(manager(talk, Area.MESSAGES), user_id=talk.user.id), talk, broadcast)


async def test_another_sellers_buyers_stores_and_numbers_are_out_of_reach(talk: Talk) -> None:
    await add_buyers(talk, 2)
    async with talk.db.write() as tx:
        stranger = await add_user(tx)
    given = Audience(store_ids=(talk.store.id,))
    async with talk.db.read() as tx:
        other = seller(stranger)
        for audience in (Audience(), given):
            assert await checking.reach(tx, other, audience, NOON) == (Reach(), None)
        choices = await drafts.choices(tx, other)
        assert not any((choices.stores, choices.categories, choices.cities, choices.numbers))
        assert (await viewing.list_broadcasts(tx, other, 1)).rows == []
    for wrong in (DraftInput("А", audience=given), DraftInput("А", session_id=talk.session_id)):
        with pytest.raises(InvalidInput):
            async with talk.db.write() as tx:
                await drafts.create(tx, seller(stranger), wrong, NOON)


async def test_silence_asked_of_one_seller_is_that_sellers_alone(talk: Talk) -> None:
    await add_buyers(talk, 1)
    await know(talk, 1, opted_out_at=NOON)
    assert (await reach(talk)).people == 0


async def test_without_the_right_to_buyers_samples_show_initials(talk: Talk) -> None:
    await add_buyers(talk, 1)
    broadcast = await draft(talk, "{customer_name}: {delivery_address}")
    async with talk.db.read() as tx:
        told = await checking.check(
            tx, manager(talk, Area.MESSAGES), broadcast, NOON, secrets=talk.services.secrets
        )
    assert [(it.person, it.text) for it in told.samples] == [("П. 1.", "П. 1.:")]


async def test_the_agreement_is_asked_for_and_kept(talk: Talk) -> None:
    await add_buyers(talk, 1)
    broadcast = await draft(talk)
    with pytest.raises(InvalidInput) as refused:
        async with talk.db.write() as tx:
            await running.start(
                tx, seller(talk.user), broadcast, NOON,
                people=1, has_agreed=False, secrets=talk.services.secrets,
            )  # fmt: skip
    assert refused.value.field == "agreed"
    await start(talk, broadcast, 1)
    async with talk.db.read() as tx:
        query = select(AuditEntry).where(AuditEntry.action == "whatsapp_broadcast_started")
        (entry,) = (await tx.scalars(query)).all()
    assert (entry.actor_id, entry.entity_id) == (talk.user.id, str(broadcast))
    assert entry.details["people"] == 1


async def test_only_the_worker_feeds(talk: Talk) -> None:
    with pytest.raises(PermissionDenied):
        async with talk.db.write() as tx:
            await feeding.feed_next(tx, seller(talk.user), [0], NOON, secrets=talk.services.secrets)
