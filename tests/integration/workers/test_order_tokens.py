"""A store's orders token, from the seller's wish to Kaspi's answer, against the sandbox."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from records import add_user
from sqlalchemy import select
from sqlmodel import col
from worker_stage import SECOND, Stage

from cube_demper.core.errors import Conflict, IntegrationError
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.orders import service as orders
from cube_demper.domain.orders.schemas import TokenView
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.errors import StoreNotFound
from cube_demper.models.operations import AuditEntry, OutboxMessage
from cube_demper.models.orders import OrdersToken, TokenOrigin, TokenProblem, TokenTask
from workers.order_tokens import OrderTokens


@dataclass
class Counter:
    """A seller at a store's panel, and the worker behind it."""

    stage: Stage
    actor: Actor

    async def paste(self, text: str) -> TokenView:
        async with self.stage.db.write() as tx:
            box, now = self.stage.services.secrets, self.stage.clock.now()
            await orders.offer(tx, self.actor, self.stage.store_id, text, secrets=box, now=now)
        return await self.work()

    async def fetch(self) -> TokenView:
        async with self.stage.db.write() as tx:
            await orders.fetch(tx, self.actor, self.stage.store_id, self.stage.clock.now())
        return await self.work()

    async def recheck(self) -> TokenView:
        async with self.stage.db.write() as tx:
            await orders.recheck(tx, self.actor, self.stage.store_id, self.stage.clock.now())
        return await self.work()

    async def work(self) -> TokenView:
        """Let a worker take every message once, as the outbox hands them out."""
        services = replace(self.stage.services, clock=self.stage.clock)
        worker = OrderTokens(services)
        try:
            for payload in await self.payloads():
                try:
                    await worker.handle(payload)
                except IntegrationError:
                    continue
        finally:
            await worker.close()
        return await self.view()

    async def view(self) -> TokenView:
        async with self.stage.db.read() as tx:
            found = await orders.tokens(tx, self.actor)
        return found.get(self.stage.store_id, TokenView())

    async def payloads(self) -> list[dict[str, Any]]:
        async with self.stage.db.read() as tx:
            query = select(OutboxMessage).where(col(OutboxMessage.topic) == orders.TOKEN_TOPIC)
            rows = await tx.scalars(query.order_by(col(OutboxMessage.created_at)))
            return [row.payload for row in rows]

    async def row(self) -> OrdersToken | None:
        async with self.stage.db.read() as tx:
            return await tx.scalar(select(OrdersToken))


@pytest.fixture
def counter(stage: Stage) -> Counter:
    return Counter(stage, Actor(Role.USER, stage.user_id, "seller@example.kz"))


async def test_a_right_token_is_kept_encrypted_and_known_by_its_end(counter: Counter) -> None:
    token = counter.stage.sandbox.make_token("30000001")
    view = await counter.paste(f" {token}\n")
    assert (view.works, view.tail, view.origin) == (True, token[-4:], TokenOrigin.PASTED)
    assert (view.task, view.problem, view.is_matched) == (None, None, True)
    assert (view.orders_seen or 0) > 0
    row = await counter.row()
    assert row is not None
    assert row.token is not None
    assert token not in row.token
    assert counter.stage.services.secrets.decrypt(row.token) == token
    assert row.offered is None
    async with counter.stage.db.read() as tx:
        told = [str(it.details) for it in (await tx.scalars(select(AuditEntry))).all()]
    assert not [line for line in told if token in line]


async def test_a_wrong_token_is_refused_and_the_one_that_works_stays(counter: Counter) -> None:
    first = await counter.paste("x" * 40)
    assert (first.works, first.problem) == (False, TokenProblem.WRONG)
    row = await counter.row()
    assert row is not None
    assert (row.token, row.offered) == (None, None)
    good = counter.stage.sandbox.make_token("30000001")
    assert (await counter.paste(good)).works
    again = await counter.paste("y" * 40)
    assert (again.works, again.tail, again.problem) == (True, good[-4:], TokenProblem.WRONG)
    assert again.offered_tail == "yyyy"


async def test_another_stores_token_is_not_kept(counter: Counter) -> None:
    view = await counter.paste(counter.stage.sandbox.make_token(SECOND))
    assert (view.works, view.problem) == (False, TokenProblem.OTHER_STORE)
    row = await counter.row()
    assert row is not None
    assert (row.token, row.offered) == (None, None)


async def test_a_token_that_stands_in_another_store_is_not_kept(counter: Counter) -> None:
    """Where no order tells whose it is."""
    stage = counter.stage
    second = await stage.second_store()
    token = stage.sandbox.make_token(SECOND)
    async with stage.db.write() as tx:
        box, now = stage.services.secrets, stage.clock.now()
        await orders.offer(tx, counter.actor, second, token, secrets=box, now=now)
    await counter.work()
    stage.sandbox.fault("empty", "orders_list")
    view = await counter.paste(token)
    assert (view.works, view.problem) == (False, TokenProblem.TAKEN)


async def test_the_cabinet_gives_the_token_and_makes_one_only_where_there_is_none(
    counter: Counter,
) -> None:
    view = await counter.fetch()
    made = counter.stage.sandbox.world.tokens["30000001"]
    assert (view.works, view.tail, view.origin) == (True, made[-4:], TokenOrigin.CABINET)
    assert view.is_matched
    assert (await counter.fetch()).works
    assert counter.stage.sandbox.world.tokens["30000001"] == made


async def test_a_lost_answer_of_the_making_does_not_make_a_second_token(counter: Counter) -> None:
    stage = counter.stage
    stage.sandbox.fault("reset_after", "graphql", count=2)
    view = await counter.fetch()
    assert (view.works, view.task, view.problem) == (
        False,
        TokenTask.FETCH,
        TokenProblem.UNREACHABLE,
    ) or view.works
    view = await counter.work()
    assert view.works
    assert view.tail == stage.sandbox.world.tokens["30000001"][-4:]


async def test_staff_whom_the_cabinet_shows_no_token_are_told_so(counter: Counter) -> None:
    accounts = counter.stage.sandbox.world.accounts
    accounts["seller@example.kz"].is_head = False
    view = await counter.fetch()
    assert (view.works, view.problem) == (False, TokenProblem.NO_RIGHT)


async def test_a_dead_session_asks_for_a_new_sign_in(counter: Counter) -> None:
    counter.stage.sandbox.sessions.expire("seller@example.kz")
    view = await counter.fetch()
    assert view.problem is TokenProblem.SIGNED_OUT
    async with counter.stage.db.read() as tx:
        store = (await stores.list_stores(tx, counter.actor))[0]
    assert store.needs_reauth
    with pytest.raises(Conflict):
        await counter.fetch()


async def test_a_silent_kaspi_keeps_the_token_waiting_and_unused(counter: Counter) -> None:
    stage = counter.stage
    stage.sandbox.fault("status", "orders_list", status=503)
    token = stage.sandbox.make_token("30000001")
    view = await counter.paste(token)
    assert (view.works, view.task, view.problem) == (
        False,
        TokenTask.TRY,
        TokenProblem.UNREACHABLE,
    )
    stage.sandbox.faults.clear()
    stage.clock.jump(120)
    assert (await counter.work()).works


async def test_a_kaspi_that_is_silent_for_a_day_ends_it_and_the_token_is_forgotten(
    counter: Counter,
) -> None:
    stage = counter.stage
    stage.sandbox.fault("status", "orders_list", status=503)
    await counter.paste("z" * 40)
    stage.clock.jump(25 * 3600)
    view = await counter.work()
    assert (view.task, view.problem) == (None, TokenProblem.NO_ANSWER)
    row = await counter.row()
    assert row is not None
    assert row.offered is None


async def test_a_page_of_kaspis_protection_does_not_condemn_a_token(counter: Counter) -> None:
    stage = counter.stage
    token = stage.sandbox.make_token("30000001")
    assert (await counter.paste(token)).works
    stage.sandbox.fault("status", "orders_list", status=403)
    view = await counter.recheck()
    assert view.works
    assert view.problem is TokenProblem.UNREACHABLE


async def test_a_token_that_was_remade_in_the_cabinet_is_said_to_be_dead(counter: Counter) -> None:
    sandbox = counter.stage.sandbox
    old = sandbox.make_token("30000001")
    await counter.paste(old)
    sandbox.make_token("30000001")
    view = await counter.recheck()
    assert (view.works, view.tail) == (False, old[-4:])
    assert view.rejected_at is not None
    assert (await counter.fetch()).works


async def test_a_newer_wish_ends_an_older_one_and_removal_ends_all(counter: Counter) -> None:
    stage = counter.stage
    good = stage.sandbox.make_token("30000001")
    async with stage.db.write() as tx:
        box, now = stage.services.secrets, stage.clock.now()
        await orders.offer(tx, counter.actor, stage.store_id, "q" * 40, secrets=box, now=now)
    assert (await counter.paste(good)).tail == good[-4:]
    assert (await counter.view()).problem is None
    async with stage.db.write() as tx:
        assert await orders.forget(tx, counter.actor, stage.store_id)
    assert await counter.row() is None
    assert await counter.work() == TokenView()


async def test_a_store_takes_its_token_along(counter: Counter) -> None:
    stage = counter.stage
    await counter.paste(stage.sandbox.make_token("30000001"))
    async with stage.db.write() as tx:
        await stores.remove_store(tx, counter.actor, stage.store_id, stage.clock.now())
    assert await counter.row() is None


async def test_a_stranger_has_no_way_to_a_stores_token(counter: Counter) -> None:
    stage = counter.stage
    await counter.paste(stage.sandbox.make_token("30000001"))
    stranger = Actor(Role.USER, (await _other_user(stage)), "b@example.kz")
    box, now = stage.services.secrets, stage.clock.now()
    async with stage.db.read() as tx:
        assert await orders.tokens(tx, stranger) == {}
    for deed in (
        lambda tx: orders.offer(tx, stranger, stage.store_id, "w" * 40, secrets=box, now=now),
        lambda tx: orders.fetch(tx, stranger, stage.store_id, now),
        lambda tx: orders.recheck(tx, stranger, stage.store_id, now),
        lambda tx: orders.forget(tx, stranger, stage.store_id),
    ):
        with pytest.raises(StoreNotFound):
            async with stage.db.write() as tx:
                await deed(tx)
    assert (await counter.view()).works


async def _other_user(stage: Stage) -> Any:
    async with stage.db.write() as tx:
        return (await add_user(tx)).id
