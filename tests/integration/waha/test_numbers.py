"""Linking a number: QR and code, what goes wrong on the way, and what the seller is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from waha_scene import OTHER_PHONE, PHONE, Stage

from cube_demper.core.errors import NotFound, PermissionDenied
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.messaging.sessions import service
from cube_demper.domain.messaging.sessions import work as sessions
from cube_demper.domain.messaging.sessions.errors import ConsentMissing, TooManyNumbers, WrongPhone
from cube_demper.domain.messaging.sessions.schemas import SessionPhase
from cube_demper.models.linking import LinkTrouble
from cube_demper.models.operations import Notification
from cube_demper.models.staff import Area


async def test_nothing_is_linked_before_the_risks_are_agreed_to(stage: Stage) -> None:
    with pytest.raises(ConsentMissing):
        async with stage.services.db.write() as tx:
            await service.add_number(tx, stage.seller, "", stage.scene.clock.now())


async def test_a_scanned_qr_makes_the_number_work(stage: Stage) -> None:
    await stage.add()
    await stage.settle()
    await stage.pass_time(2)

    waiting = await stage.number()
    assert waiting.phase is SessionPhase.SCAN
    assert waiting.qr == stage.session.qr

    stage.sandbox.waha.scan(stage.session, stage.sandbox.waha.phones[PHONE])
    await stage.settle()

    working = await stage.number()
    assert (working.phase, working.phone, working.qr) == (SessionPhase.WORKING, f"+{PHONE}", "")


async def test_the_qr_is_renewed_and_after_the_sixth_the_seller_asks_for_a_new_one(
    stage: Stage,
) -> None:
    session_id = await stage.add()
    await stage.settle()
    await stage.pass_time(2)
    first = await stage.number()
    assert first.qr_until is not None
    assert first.qr_until - stage.scene.clock.now() == timedelta(seconds=60)

    await stage.pass_time(61)
    second = await stage.number()
    assert second.qr not in ("", first.qr)
    assert second.qr_until == stage.scene.clock.now() + timedelta(seconds=20)

    for _ in range(5):
        await stage.pass_time(21)
    assert (await stage.number()).phase is SessionPhase.FAILED

    async with stage.services.db.write() as tx:
        await service.restart(tx, stage.seller, session_id, stage.scene.clock.now())
    await stage.settle()
    await stage.pass_time(2)
    assert (await stage.number()).qr == stage.session.qr


async def test_a_pairing_code_links_the_phone_that_it_was_made_for(stage: Stage) -> None:
    session_id = await stage.add()
    await stage.settle()
    await stage.pass_time(2)
    now, box = stage.scene.clock.now(), stage.services.secrets
    with pytest.raises(WrongPhone):
        async with stage.services.db.write() as tx:
            await service.ask_code(tx, stage.seller, session_id, "12", secrets=box, now=now)
    async with stage.services.db.write() as tx:
        phone = "8 (701) 000-00-02"
        await service.ask_code(tx, stage.seller, session_id, phone, secrets=box, now=now)
    await stage.settle()

    assert (await stage.number()).code == stage.session.code
    assert stage.session.code_phone == OTHER_PHONE


async def test_a_number_that_is_lost_is_told_of_once(stage: Stage) -> None:
    await stage.linked()
    stage.sandbox.waha.ban(stage.sandbox.waha.phones[PHONE])
    await stage.settle()
    await stage.repeat_all()

    assert (await stage.number()).phase is SessionPhase.FAILED
    assert (await stage.number()).away_since is not None
    async with stage.services.db.read() as tx:
        told = (await tx.scalars(select(Notification.kind))).all()
    assert told == ["whatsapp_lost"]


async def test_logging_out_and_removing_reach_waha_and_are_no_loss(stage: Stage) -> None:
    session_id = await stage.linked()
    async with stage.services.db.write() as tx:
        await service.log_out(tx, stage.seller, session_id, stage.scene.clock.now())
    await stage.settle()
    assert (stage.session.phone, stage.session.status) == ("", "STOPPED")
    assert (await stage.number()).phase is SessionPhase.OFF

    async with stage.services.db.write() as tx:
        await service.remove(tx, stage.seller, session_id, stage.scene.clock.now())
    await stage.settle()
    assert stage.sandbox.waha.sessions == {}
    async with stage.services.db.read() as tx:
        now, box = stage.scene.clock.now(), stage.services.secrets
        assert await service.list_numbers(tx, stage.seller, box, now) == []
        assert (await tx.scalars(select(Notification.id))).all() == []


async def test_wishes_wait_while_waha_is_away_and_the_last_one_counts(stage: Stage) -> None:
    session_id = await stage.linked()
    stage.sandbox.waha.go_down(3600)
    async with stage.services.db.write() as tx:
        await service.restart(tx, stage.seller, session_id, stage.scene.clock.now())
    async with stage.services.db.write() as tx:
        await service.log_out(tx, stage.seller, session_id, stage.scene.clock.now())
    await stage.settle()
    assert (await stage.number()).trouble is LinkTrouble.UNREACHABLE

    stage.sandbox.waha.come_back()
    await stage.pass_time(3)
    assert (await stage.number()).trouble is None
    assert (stage.session.phone, stage.session.status) == ("", "STOPPED")


async def test_what_webhooks_did_not_tell_is_found_out_by_asking(stage: Stage) -> None:
    await stage.add()
    await stage.settle()
    stage.sandbox.waha.hooks.is_held = True
    await stage.pass_time(2)
    assert (await stage.number()).phase is SessionPhase.STARTING

    await sessions.watch(stage.room)
    assert (await stage.number()).qr == stage.session.qr

    stage.sandbox.waha.sessions.clear()
    stage.scene.clock.move(minutes=3)
    await sessions.watch(stage.room)
    assert (await stage.number()).trouble is LinkTrouble.LOST


async def test_a_status_that_nobody_knows_asks_for_the_seller(stage: Stage) -> None:
    await stage.linked()
    stage.sandbox.waha.move(stage.session, "PASSKEY_REQUIRED")
    await stage.settle()

    number = await stage.number()
    assert (number.phase, number.status) == (SessionPhase.NEEDS_ACTION, "PASSKEY_REQUIRED")


async def test_a_number_is_its_owners_alone(stage: Stage) -> None:
    session_id = await stage.linked()
    other = Actor(Role.USER, await stage.scene.add("other@example.kz"))
    now = stage.scene.clock.now()
    for act in (service.restart, service.log_out, service.remove):
        with pytest.raises(NotFound):
            async with stage.services.db.write() as tx:
                await act(tx, other, session_id, now)
    async with stage.services.db.read() as tx:
        assert await service.list_numbers(tx, other, stage.services.secrets, now) == []


async def test_a_manager_needs_the_right_to_messages_and_never_agrees_for_the_seller(
    stage: Stage,
) -> None:
    session_id = await stage.linked()
    person, owner = await stage.scene.add("m@example.kz"), stage.seller.user_id
    now = stage.scene.clock.now()
    without = Actor(Role.USER, person, acts_for=owner, rights=frozenset({Area.PRICES}))
    having = Actor(Role.USER, person, acts_for=owner, rights=frozenset({Area.MESSAGES}))
    with pytest.raises(PermissionDenied):
        async with stage.services.db.write() as tx:
            await service.restart(tx, without, session_id, now)
    with pytest.raises(PermissionDenied):
        async with stage.services.db.write() as tx:
            await service.agree(tx, having, now)
    async with stage.services.db.write() as tx:
        await service.restart(tx, having, session_id, now)


async def test_numbers_are_few(stage: Stage) -> None:
    for _ in range(5):
        await stage.add()
    with pytest.raises(TooManyNumbers):
        await stage.add()
