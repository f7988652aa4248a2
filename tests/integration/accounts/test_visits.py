"""An admin signed in as a seller: sees it all, touches no money and nothing personal, is written down."""

from __future__ import annotations

import pytest
from accounts_scene import HOME, PASSWORD, Scene
from admin_scene import add_admin, entries, visit, visitor_of
from records import add_store
from sqlmodel import col, select

from cube_demper.core.errors import Conflict, InvalidInput, PermissionDenied
from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts import staff, visits
from cube_demper.domain.accounts.rules import VISIT_LIFE
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.billing import cards, payer, payments
from cube_demper.domain.exports import service as exports
from cube_demper.domain.stores import service as stores
from cube_demper.models.accounts import User
from cube_demper.models.billing import PaymentMethod, Plan
from cube_demper.models.operations import OutboxMessage


async def test_it_is_the_seller_with_the_admin_behind(scene: Scene) -> None:
    admin, user_id = await add_admin(scene), await scene.add("a@example.kz")
    signed = await scene.who(await visit(scene, admin, user_id))
    assert signed is not None
    actor = signed.actor
    assert (actor.role, actor.user_id, actor.owner_id) == (Role.USER, user_id, user_id)
    assert actor.impersonated_by == admin.user_id
    assert signed.expires_at == scene.clock.now() + VISIT_LIFE


async def test_what_support_mends_may_be_mended_and_says_who_did_it(scene: Scene) -> None:
    admin, user_id = await add_admin(scene), await scene.add("a@example.kz")
    actor = await visitor_of(scene, await visit(scene, admin, user_id))
    async with scene.db.write() as tx:
        store = await add_store(tx, await tx.get_one(User, user_id))
        await stores.stop_bot(tx, actor, [store.id], scene.clock.now())
    (entry,) = await entries(scene.db, "bot_stopped")
    assert (entry.actor_id, entry.owner_id) == (user_id, user_id)
    assert (entry.impersonator_id, entry.ip) == (admin.user_id, HOME.ip)
    async with scene.db.read() as tx:
        seen = await staff.deeds(tx, Actor(Role.USER, user_id, "a@example.kz"))
    deed = next(it for it in seen if it.action == "bot_stopped")
    assert (deed.who, deed.is_own) == ("", False), "the seller must not read it as their own"


async def test_money_and_what_is_personal_are_closed(scene: Scene) -> None:
    admin, user_id = await add_admin(scene), await scene.add("a@example.kz")
    token = await visit(scene, admin, user_id)
    actor, now = await visitor_of(scene, token), scene.clock.now()
    signed = await scene.who(token)
    assert signed is not None
    payer_given = payer.Payer(company="ТОО «Куб»", bin="123456789013", iban="KZ86125KZT5004100100")
    with pytest.raises(PermissionDenied, match="только он сам"):
        async with scene.db.write() as tx:
            await accounts.change_password(
                tx,
                actor,
                current=PASSWORD,
                new="другие три слова",
                session_id=signed.session_id,
                visitor=HOME,
                attempts=scene.attempts,
                now=now,
            )
    for deed in (
        lambda tx: accounts.rename(tx, actor, "Другой"),
        lambda tx: accounts.sign_out_everywhere(tx, actor, now),
        lambda tx: staff.invite(tx, actor, "b@example.kz", [], now),
        lambda tx: payments.begin(tx, actor, Plan.PRO, PaymentMethod.CARD, now, use_balance=False),
        lambda tx: payer.save_payer(tx, actor, payer_given),
        lambda tx: cards.list_cards(tx, actor),
        lambda tx: exports.ask(tx, actor, now),
        lambda tx: exports.new_link(tx, actor, now),
    ):
        with pytest.raises(PermissionDenied):
            async with scene.db.write() as tx:
                await deed(tx)
    assert await scene.who(await scene.sign_in("a@example.kz")), "the password is as it was"


async def test_it_ends_by_itself_and_that_is_written_down(scene: Scene) -> None:
    admin, user_id = await add_admin(scene), await scene.add("a@example.kz")
    token = await visit(scene, admin, user_id)
    async with scene.db.read() as tx:
        query = select(OutboxMessage).where(col(OutboxMessage.topic) == visits.END_TOPIC)
        message = (await tx.scalars(query)).one()
    assert message.next_try_at > scene.clock.now() + VISIT_LIFE
    scene.clock.move(minutes=30, seconds=1)
    assert await scene.who(token) is None
    async with scene.db.write() as tx:
        await visits.expire(tx, SYSTEM, message.payload, scene.clock.now())
    (begun,) = await entries(scene.db, "visit_begun")
    (ended,) = await entries(scene.db, "visit_ended")
    assert (begun.actor_id, begun.details["reason"]) == (admin.user_id, "обращение 14")
    assert (ended.owner_id, ended.impersonator_id) == (user_id, admin.user_id)


async def test_ended_by_hand_it_is_written_down_once(scene: Scene) -> None:
    admin, user_id = await add_admin(scene), await scene.add("a@example.kz")
    token = await visit(scene, admin, user_id)
    async with scene.db.write() as tx:
        await accounts.sign_out(tx, SYSTEM, token, CubeApp.SELLER, scene.clock.now())
    assert await scene.who(token) is None
    assert len(await entries(scene.db, "visit_ended")) == 1
    assert not await entries(scene.db, "signed_out")
    async with scene.db.read() as tx:
        query = select(OutboxMessage.done_at).where(col(OutboxMessage.topic) == visits.END_TOPIC)
        assert (await tx.scalars(query)).one() is not None


async def test_the_seller_is_not_seen_by_it(scene: Scene) -> None:
    admin, user_id = await add_admin(scene), await scene.add("a@example.kz")
    actor = await visitor_of(scene, await visit(scene, admin, user_id))
    async with scene.db.write() as tx:
        await accounts.touch(tx, actor, scene.clock.now())
        assert (await tx.get_one(User, user_id)).last_seen_at is None


async def test_a_code_of_a_visit_works_once_and_not_as_another(scene: Scene) -> None:
    admin, user_id = await add_admin(scene), await scene.add("a@example.kz")
    async with scene.db.write() as tx:
        code = await visits.begin(tx, admin, user_id, "обращение 14", scene.clock.now())
    with pytest.raises(InvalidInput):
        await scene.open(code.removeprefix("visit."))
    await scene.open(code)
    with pytest.raises(InvalidInput):
        await scene.open(code)
    plain = await scene.code("a@example.kz")
    with pytest.raises(InvalidInput):
        await scene.open(f"visit.{plain}")


async def test_who_may_and_into_whom(scene: Scene) -> None:
    admin, user_id = await add_admin(scene), await scene.add("a@example.kz")
    support = Actor(Role.SUPPORT, await scene.add("s@example.kz", role=Role.SUPPORT))
    now = scene.clock.now()
    async with scene.db.write() as tx:
        with pytest.raises(PermissionDenied):
            await visits.begin(tx, support, user_id, "обращение", now)
        with pytest.raises(InvalidInput):
            await visits.begin(tx, admin, user_id, "", now)
        for other in (admin.person_id, support.person_id):
            with pytest.raises(Conflict):
                await visits.begin(tx, admin, other, "обращение", now)
