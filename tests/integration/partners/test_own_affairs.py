"""What a partner changes themselves: the password, a link's name; and what they read of their sellers."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from partner_scene import PASSWORD, SHARE, Programme, add_partner
from records import NOON, add_store
from redis.asyncio import Redis
from sqlmodel import col, select

from cube_demper.core.errors import InvalidInput, NotFound, PermissionDenied
from cube_demper.core.settings import CubeApp
from cube_demper.db.session import Database
from cube_demper.domain.accounts.errors import TooManyAttempts, WrongCredentials
from cube_demper.domain.accounts.schemas import NOBODY, SYSTEM, Visitor
from cube_demper.domain.partners import accrual, door, links, people, reading, recovery
from cube_demper.domain.partners.trail import Step, StepState
from cube_demper.integrations.attempts.client import RedisAttempts
from cube_demper.models.operations import AuditEntry, OutboxMessage

NEW = "четыре совсем новых слова"
DESK, PHONE = Visitor("10.1.0.1", "desk"), Visitor("10.1.0.2", "phone")
DAY = timedelta(days=1)


async def _enter(it: Programme, redis: Redis, visitor: Visitor, password: str = PASSWORD) -> str:
    """Sign in; return the session's token."""
    async with it.db.write() as tx:
        code = await door.sign_in(
            tx, NOBODY, email=it.email, password=password, visitor=visitor,
            attempts=RedisAttempts(redis), now=NOON,
        )  # fmt: skip
        return await door.open_session(
            tx, NOBODY, code, app=CubeApp.PARTNER, visitor=visitor, now=NOON
        )


async def _session_of(it: Programme, token: str) -> UUID | None:
    async with it.db.read() as tx:
        found = await door.find_signed_in(tx, token, CubeApp.PARTNER, NOON)
    return found.session_id if found else None


async def _change(
    it: Programme, redis: Redis, session_id: UUID, current: str, new: str = NEW
) -> None:
    async with it.db.write() as tx:
        await recovery.change_password(
            tx, it.actor, current=current, new=new, session_id=session_id, visitor=DESK,
            attempts=RedisAttempts(redis), now=NOON,
        )  # fmt: skip


async def test_a_new_password_ends_the_other_sessions_and_is_told(
    programme: Programme, redis: Redis
) -> None:
    here, there = await _enter(programme, redis, DESK), await _enter(programme, redis, PHONE)
    session_id = await _session_of(programme, here)
    assert session_id is not None
    await _change(programme, redis, session_id, PASSWORD)
    assert await _session_of(programme, here) == session_id
    assert await _session_of(programme, there) is None
    with pytest.raises(WrongCredentials):
        await _enter(programme, redis, PHONE)
    assert await _enter(programme, redis, PHONE, NEW)
    async with programme.db.read() as tx:
        topics = await tx.scalars(select(OutboxMessage.topic))
        actions = await tx.scalars(
            select(AuditEntry.action).where(col(AuditEntry.entity_id) == str(programme.partner_id))
        )
        assert list(topics.all()) == ["mail.partner_password"]
        assert "password_changed" in actions.all()


async def test_a_wrong_old_password_or_a_weak_new_one_changes_nothing(
    programme: Programme, redis: Redis
) -> None:
    here, there = await _enter(programme, redis, DESK), await _enter(programme, redis, PHONE)
    session_id = await _session_of(programme, here)
    assert session_id is not None
    with pytest.raises(WrongCredentials) as wrong:
        await _change(programme, redis, session_id, "не тот пароль вовсе")
    assert wrong.value.field == "current"
    with pytest.raises(InvalidInput) as weak:
        await _change(programme, redis, session_id, PASSWORD, "коротко")
    assert weak.value.field == "new"
    assert await _session_of(programme, there) is not None
    assert await _enter(programme, redis, PHONE)
    for _ in range(8):
        with pytest.raises(WrongCredentials):
            await _change(programme, redis, session_id, "не тот пароль вовсе")
    with pytest.raises(TooManyAttempts):
        await _change(programme, redis, session_id, PASSWORD)


async def test_a_partner_who_is_shut_out_changes_no_password(
    programme: Programme, redis: Redis
) -> None:
    here = await _enter(programme, redis, DESK)
    session_id = await _session_of(programme, here)
    assert session_id is not None
    async with programme.db.write() as tx:
        await people.set_blocked(tx, SYSTEM, programme.email, is_blocked=True, now=NOON)
    with pytest.raises(PermissionDenied):
        await _change(programme, redis, session_id, PASSWORD)


async def test_a_link_is_renamed_by_its_partner_alone(db: Database, programme: Programme) -> None:
    other = await add_partner(db, "other@example.kz")

    async def rename(actor: Programme, name: str) -> None:
        async with db.write() as tx:
            await links.rename(tx, actor.actor, programme.link_id, name)

    await rename(programme, "  Блог   о Kaspi ")
    with pytest.raises(NotFound):
        await rename(other, "Чужое")
    for nonsense in ("", "   ", "я" * 61):
        with pytest.raises(InvalidInput):
            await rename(programme, nonsense)
    async with db.read() as tx:
        (row,) = await links.listing(tx, programme.actor)
    assert (row.campaign, row.code) == ("Блог о Kaspi", programme.link_code)


async def test_who_pays_without_a_store_has_not_connected_one(programme: Programme) -> None:
    user = await programme.sign_up()
    await programme.buy(user)
    steps = {it.step: it.state for it in (await programme.trail(user, NOON + DAY)).steps}
    assert steps[Step.PAYMENT] is StepState.DONE
    assert steps[Step.STORE] is StepState.LATER


async def test_pages_counts_and_each_lead_agree(db: Database, programme: Programme) -> None:
    """However they are read: together, by stage, page by page, or one by one."""
    people_ = [await programme.sign_up(NOON + n * timedelta(minutes=1)) for n in range(8)]
    async with db.write() as tx:
        await add_store(tx, await tx.merge(people_[1]))
    bought = [await programme.buy(it) for it in people_[2:5]]
    await programme.refund(bought[0], NOON + DAY)
    async with db.write() as tx:
        await accrual.release_due(tx, SYSTEM, NOON + 40 * DAY)
    await programme.buy(people_[5], NOON + 40 * DAY)
    async with db.read() as tx:
        every = await reading.leads(tx, programme.actor, "", 1)
        by_stage = {
            stage: await reading.leads(tx, programme.actor, stage, 1)
            for stage in every.counts
            if stage
        }
        singly = [await reading.lead(tx, programme.actor, it.id) for it, _ in every.rows]
    assert [it.signed_up_at for it, _ in every.rows] == sorted(
        (it.signed_up_at for it, _ in every.rows), reverse=True
    )
    assert list(every.rows) == singly
    stages = Counter(stage for _, stage in every.rows)
    assert every.counts == {"": 8, **stages}
    assert set(stages) >= {"store", "held", "paying", "returned"}
    for stage, page in by_stage.items():
        assert list(page.rows) == [it for it in every.rows if it[1] == stage]
    paying = by_stage["paying"].rows[0][0]
    assert (paying.payments, paying.released) == (1, SHARE)
