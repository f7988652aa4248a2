"""The worker of sign-ins killed with -9 in the middle of each step: it resumes, or says what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from login_scene import OWNER, PHONE, STAFF, Desk
from sqlalchemy import update
from worker_process import Nursery, stage_environment

from cube_demper.domain.stores import signing_in
from cube_demper.domain.stores.signing_in_schemas import SignInForm, SignInStep
from cube_demper.models.stores import KaspiLogin, LoginRefusal, LoginStep

KilledAt = Callable[[Desk, str, str], Awaitable[None]]
_REACHED_WITHIN = 60.0


@pytest.fixture
def killed_at(nursery: Nursery) -> KilledAt:
    """Return what lets the worker come as far as a request that Kaspi holds, and kills it there."""

    async def kill(desk: Desk, kind: str, route: str) -> None:
        fault = desk.stage.sandbox.fault(kind, route)
        async with (
            nursery.worker("logins", stage_environment(desk.stage)) as process,
            asyncio.timeout(_REACHED_WITHIN),
        ):
            while not fault.hits:
                assert process.returncode is None, "the worker ended by itself"
                await asyncio.sleep(0.05)
        desk.stage.sandbox.faults.clear()
        async with desk.stage.db.write() as tx:  # its lease runs out
            await tx.execute(update(KaspiLogin).values(claimed_until=desk.stage.clock.now()))

    return kill


async def _ask(desk: Desk, form: SignInForm) -> None:
    async with desk.stage.db.write() as tx:
        box, now = desk.stage.services.secrets, desk.stage.clock.now()
        await signing_in.start(tx, desk.actor, form, secrets=box, now=now)


async def _submit(desk: Desk, login_id: UUID, code: str) -> None:
    async with desk.stage.db.write() as tx:
        box, now = desk.stage.services.secrets, desk.stage.clock.now()
        await signing_in.submit_code(tx, desk.actor, login_id, code, secrets=box, now=now)


async def _row(desk: Desk) -> Any:
    (row,) = await desk.rows(KaspiLogin)
    return row


async def _at_code(desk: Desk) -> tuple[SignInStep, str]:
    """Come as far as the code; return it too."""
    step = await desk.start(PHONE)
    assert step.step is LoginStep.CODE
    return step, desk.code("+77020000001")


async def test_killed_before_anything_was_typed_it_begins_anew(
    new_desk: Desk, killed_at: KilledAt
) -> None:
    await _ask(new_desk, STAFF)
    await killed_at(new_desk, "hang", "login_begin")
    step = await new_desk.work()
    assert step.step is LoginStep.CODE
    assert len(new_desk.stage.sandbox.mailbox.to(STAFF.email)) == 1
    assert (await new_desk.give_code(step.id, new_desk.code(STAFF.email))).step is LoginStep.DONE


async def test_killed_after_kaspi_sent_a_code_it_waits_out_the_flood_and_asks_for_another(
    new_desk: Desk, killed_at: KilledAt
) -> None:
    await _ask(new_desk, STAFF)
    await killed_at(new_desk, "hang_after", "login")
    step = await new_desk.work()
    assert (step.step, step.refusal) == (LoginStep.OPENING, None)
    new_desk.stage.clock.jump(61)
    step = await new_desk.work()
    assert step.step is LoginStep.CODE
    assert len(new_desk.stage.sandbox.mailbox.to(STAFF.email)) == 2
    assert (await new_desk.give_code(step.id, new_desk.code(STAFF.email))).step is LoginStep.DONE


async def test_killed_before_the_code_was_typed_the_code_is_still_good(
    new_desk: Desk, killed_at: KilledAt
) -> None:
    step, code = await _at_code(new_desk)
    await _submit(new_desk, step.id, code)
    await killed_at(new_desk, "hang", "login_page")
    assert (await new_desk.work()).step is LoginStep.DONE


async def test_killed_with_kaspis_answer_under_way_the_code_is_not_called_wrong(
    new_desk: Desk, killed_at: KilledAt
) -> None:
    step, code = await _at_code(new_desk)
    await _submit(new_desk, step.id, code)
    await killed_at(new_desk, "hang_after", "login")
    step = await new_desk.work()
    assert (step.step, step.refusal) == (LoginStep.REFUSED, LoginRefusal.INTERRUPTED)
    assert "мог быть верным" in step.words
    assert (await _row(new_desk)).state == ""


async def test_killed_after_kaspi_took_the_code_it_goes_in_by_what_it_kept(
    new_desk: Desk, killed_at: KilledAt
) -> None:
    step, code = await _at_code(new_desk)
    await _submit(new_desk, step.id, code)
    await killed_at(new_desk, "hang", "login_begin")
    assert (await _row(new_desk)).step == LoginStep.ENTERING
    assert (await new_desk.work()).step is LoginStep.DONE


async def test_killed_while_the_shop_is_connected_it_connects_it_once(
    new_desk: Desk, killed_at: KilledAt
) -> None:
    step = await new_desk.start(OWNER)
    assert step.step is LoginStep.SHOP
    async with new_desk.stage.db.write() as tx:
        box, now = new_desk.stage.services.secrets, new_desk.stage.clock.now()
        await signing_in.choose_shop(tx, new_desk.actor, step.id, "30000002", secrets=box, now=now)
    await killed_at(new_desk, "hang", "me")
    step = await new_desk.work()
    assert (step.step, step.is_new_store) == (LoginStep.DONE, True)
    assert await new_desk.store("30000002") is not None


async def test_killed_in_a_refresh_the_session_is_renewed_all_the_same(
    desk: Desk, killed_at: KilledAt
) -> None:
    await desk.die(OWNER.password)
    await killed_at(desk, "hang", "login_end")
    waiting = await desk.store()
    assert waiting is not None
    assert (waiting.needs_reauth, waiting.reauth_reason) == (True, None)
    await (await desk.worker()).run_bounded()
    store = await desk.store()
    assert store is not None
    assert (store.needs_reauth, store.reauth_reason) == (False, None)


async def test_a_session_that_died_meanwhile_does_not_blame_the_password(new_desk: Desk) -> None:
    step = await new_desk.start(OWNER)
    new_desk.stage.sandbox.sessions.expire(OWNER.email)
    async with new_desk.stage.db.write() as tx:
        box, now = new_desk.stage.services.secrets, new_desk.stage.clock.now()
        await signing_in.choose_shop(tx, new_desk.actor, step.id, "30000001", secrets=box, now=now)
    assert (await new_desk.work()).refusal is LoginRefusal.INTERRUPTED


async def test_a_flood_that_was_not_ours_still_ends_it(new_desk: Desk) -> None:
    await _ask(new_desk, replace(STAFF))
    new_desk.stage.sandbox.fault("sign_in_flood", "login", retry_after=30, count=1)
    assert (await new_desk.work()).refusal is LoginRefusal.FLOOD
