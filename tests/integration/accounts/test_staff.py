"""A manager: invited, let in, limited by rights in services and pages, let go at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from accounts_scene import Scene
from records import NOON, add_product, add_store, add_user, seller
from sqlalchemy import select

from cube_demper.core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts import staff
from cube_demper.domain.accounts.errors import LinkExpired
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.audit import service as audit
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.edit_schemas import TermsChange
from cube_demper.domain.catalog.list_schemas import Selection
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.pricing import service as pricing
from cube_demper.domain.pricing.returning.service import Scope, return_prices
from cube_demper.domain.stores import service as stores
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceHistory
from cube_demper.models.staff import Area, StaffMember
from cube_demper.models.stores import BotMode, KaspiStore

OWNER, HELP = "owner@example.kz", "help@example.kz"
PRICES = frozenset({Area.PRICES})


async def actor_of(scene: Scene, email: str) -> Actor:
    signed = await scene.who(await scene.sign_in(email))
    assert signed
    return signed.actor


async def invited(scene: Scene, rights: list[str]) -> tuple[Actor, str]:
    """Invite a manager; return the owner and the token of the letter's link."""
    await scene.add(OWNER)
    owner = await actor_of(scene, OWNER)
    async with scene.db.write() as tx:
        await staff.invite(tx, owner, HELP, rights, scene.clock.now())
    message = next(it for it in await scene.queued() if it.topic == staff.INVITE_TOPIC)
    assert "token" not in str(message.payload)
    room = accounts.MailRoom(
        scene.db, scene.post, "https://cube.example.kz", "support@cube.example.kz"
    )
    await accounts.deliver_invitation(room, message.payload, scene.clock.now())
    return owner, scene.post.link_token()


async def hired(scene: Scene, rights: list[str]) -> tuple[Actor, str]:
    """Return the owner and the session token of a manager with these rights."""
    owner, token = await invited(scene, rights)
    await scene.add(HELP)
    session = await scene.sign_in(HELP)
    signed = await scene.who(session)
    assert signed
    async with scene.db.write() as tx:
        await staff.accept(tx, signed.actor, token, scene.clock.now())
    return owner, session


async def now_is(scene: Scene, session: str) -> Actor:
    signed = await scene.who(session)
    assert signed
    return signed.actor


class TestJoining:
    async def test_who_accepts_works_for_the_owner(self, scene: Scene) -> None:
        owner, session = await hired(scene, ["prices"])
        manager = await now_is(scene, session)
        assert (manager.owner_id, manager.rights) == (owner.user_id, PRICES)
        assert manager.person_id != owner.user_id
        async with scene.db.read() as tx:
            (row,) = await staff.list_staff(tx, owner)
            (told,) = await notifications.list_latest(tx, owner)
        assert (row.email, row.rights) == (HELP, PRICES)
        assert row.accepted_at == scene.clock.now()
        assert (told.kind, told.title) == ("staff", f"{HELP} теперь работает с вами")

    async def test_the_letter_says_who_and_what(self, scene: Scene) -> None:
        await invited(scene, ["prices"])
        to, letter = scene.post.letters[-1]
        assert to == HELP
        assert OWNER in letter.text
        assert "цены и бот" in letter.text

    async def test_anothers_link_opens_nothing(self, scene: Scene) -> None:
        _, token = await invited(scene, [])
        await scene.add("other@example.kz")
        other = await actor_of(scene, "other@example.kz")
        with pytest.raises(LinkExpired):
            async with scene.db.write() as tx:
                await staff.accept(tx, other, token, scene.clock.now())

    async def test_a_link_works_once_and_seven_days(self, scene: Scene) -> None:
        _, token = await invited(scene, [])
        await scene.add(HELP)
        person = await actor_of(scene, HELP)
        late = scene.clock.now() + staff.INVITATION_LIFE
        for moment, works in ((late, False), (NOON, True), (NOON, False)):
            try:
                async with scene.db.write() as tx:
                    await staff.accept(tx, person, token, moment)
                assert works
            except LinkExpired:
                assert not works

    async def test_what_cannot_be_invited(self, scene: Scene) -> None:
        owner, _ = await hired(scene, [])
        cases: list[tuple[str, list[str], type[Exception]]] = [
            (OWNER, [], InvalidInput),
            ("nonsense", [], InvalidInput),
            ("x@example.kz", ["everything"], InvalidInput),
            ("x@example.kz", ["staff"], InvalidInput),
            (HELP.upper(), [], Conflict),
        ]
        for email, rights, error in cases:
            with pytest.raises(error):
                async with scene.db.write() as tx:
                    await staff.invite(tx, owner, email, rights, scene.clock.now())

    async def test_a_person_chooses_between_their_own_and_the_owners(self, scene: Scene) -> None:
        owner, session = await hired(scene, ["prices"])
        manager = await now_is(scene, session)
        async with scene.db.write() as tx:
            await staff.choose_cabinet(tx, manager, None)
        own = await now_is(scene, session)
        assert own.owner_id == own.person_id
        async with scene.db.write() as tx:
            await staff.choose_cabinet(tx, own, owner.user_id)
        assert (await now_is(scene, session)).owner_id == owner.user_id
        with pytest.raises(NotFound):
            async with scene.db.write() as tx:
                await staff.choose_cabinet(tx, own, own.user_id)


class TestWithoutTheLetter:
    """Who had to sign up first finds the invitation again by the mailbox, once that is theirs."""

    async def test_a_confirmed_mailbox_is_enough(self, scene: Scene) -> None:
        owner, _ = await invited(scene, ["prices"])
        await scene.add(HELP)
        person = await actor_of(scene, HELP)
        async with scene.db.read() as tx:
            found = await staff.open_invitation(tx, person, scene.clock.now())
        assert found is not None
        assert (found.owner, found.rights) == (OWNER, PRICES)
        async with scene.db.write() as tx:
            assert await staff.accept(tx, person, found.id, scene.clock.now()) == owner.user_id
        async with scene.db.read() as tx:
            assert await staff.open_invitation(tx, person, scene.clock.now()) is None

    async def test_a_mailbox_that_nobody_proved_shows_and_opens_nothing(self, scene: Scene) -> None:
        await invited(scene, [])
        await scene.register(HELP)
        person = await actor_of(scene, HELP)
        async with scene.db.read() as tx:
            row = (await tx.scalars(select(StaffMember))).one()
            assert await staff.open_invitation(tx, person, scene.clock.now()) is None
        with pytest.raises(LinkExpired):
            async with scene.db.write() as tx:
                await staff.accept(tx, person, row.id, scene.clock.now())

    async def test_anothers_late_or_revoked_one_is_none(self, scene: Scene) -> None:
        owner, _ = await invited(scene, [])
        await scene.add(HELP)
        await scene.add("other@example.kz")
        person, other = await actor_of(scene, HELP), await actor_of(scene, "other@example.kz")
        now = scene.clock.now()
        async with scene.db.read() as tx:
            row = (await tx.scalars(select(StaffMember))).one()
            assert await staff.open_invitation(tx, other, now) is None
            assert await staff.open_invitation(tx, person, now + staff.INVITATION_LIFE) is None
        with pytest.raises(LinkExpired):
            async with scene.db.write() as tx:
                await staff.accept(tx, other, row.id, now)
        async with scene.db.write() as tx:
            await staff.revoke(tx, owner, row.id, now)
        async with scene.db.read() as tx:
            assert await staff.open_invitation(tx, person, now) is None


class TestLeaving:
    async def test_revoked_means_from_the_next_click(self, scene: Scene) -> None:
        owner, session = await hired(scene, ["prices"])
        async with scene.db.write() as tx:
            (row,) = await staff.list_staff(tx, owner)
            await staff.revoke(tx, owner, row.id, scene.clock.now())
        after = await now_is(scene, session)
        assert after.owner_id == after.person_id
        async with scene.db.read() as tx:
            assert await staff.list_cabinets(tx, after) == []
            assert await staff.list_staff(tx, owner) == []

    async def test_other_rights_hold_from_the_next_click(self, scene: Scene) -> None:
        owner, session = await hired(scene, ["prices"])
        async with scene.db.write() as tx:
            (row,) = await staff.list_staff(tx, owner)
            await staff.change_rights(tx, owner, row.id, ["stores"])
        assert (await now_is(scene, session)).rights == {Area.STORES}

    async def test_a_blocked_owner_takes_the_managers_along(self, scene: Scene) -> None:
        owner, session = await hired(scene, ["prices"])
        async with scene.db.write() as tx:
            await accounts.set_blocked(
                tx, SYSTEM, owner.person_id, is_blocked=True, now=scene.clock.now()
            )
        after = await now_is(scene, session)
        assert after.acts_for is None

    async def test_nobody_touches_anothers_staff(self, scene: Scene) -> None:
        owner, _ = await hired(scene, [])
        await scene.add("other@example.kz")
        other = await actor_of(scene, "other@example.kz")
        async with scene.db.read() as tx:
            (row,) = await staff.list_staff(tx, owner)
        for call in (
            lambda tx: staff.revoke(tx, other, row.id, scene.clock.now()),
            lambda tx: staff.change_rights(tx, other, row.id, []),
        ):
            with pytest.raises(NotFound):
                async with scene.db.write() as tx:
                    await call(tx)


class TestRights:
    """Every change of a seller's data, as a manager with other rights would try it."""

    async def ground(self, db: Database) -> tuple[Actor, KaspiStore, Product, PriceHistory]:
        async with db.write() as tx:
            user = await add_user(tx)
            store = await add_store(tx, user)
            product = await add_product(tx, store)
            row = PriceHistory(
                product_id=product.id,
                store_id=store.id,
                city_id="750000000",
                old_price=1_000_000,
                new_price=950_000,
                change_reason="undercut",
                status="suggested",
            )
            tx.add(row)
            sent = PriceHistory(
                product_id=product.id,
                store_id=store.id,
                city_id="750000000",
                old_price=1_100_000,
                new_price=1_000_000,
                change_reason="undercut",
                status="confirmed",
                sent_at=NOON - timedelta(minutes=5),
            )
            tx.add(sent)
            await tx.flush()
        return seller(user), store, product, row

    async def test_without_the_right_to_prices_nothing_changes(self, db: Database) -> None:
        owner, store, product, row = await self.ground(db)
        helper = Actor(Role.USER, store.id, HELP, owner.user_id, frozenset({Area.STORES}))
        chosen = Selection(ids=(product.id,))
        settings = await self._settings(db, owner, store)
        calls: list[Any] = [
            lambda tx, who: catalog.change_terms(
                tx, who, product.id, TermsChange(min_price=800_000), NOON
            ),
            lambda tx, who: catalog.switch_bot(tx, who, chosen, on=False, now=NOON),
            lambda tx, who: catalog.check_now(tx, who, product.id, NOON),
            lambda tx, who: stores.stop_bot(tx, who, [store.id], NOON),
            lambda tx, who: stores.set_mode(tx, who, store.id, BotMode.SUGGEST, NOON),
            lambda tx, who: stores.change_bot_settings(
                tx, who, store.id, replace(settings, price_step=500), NOON
            ),
            lambda tx, who: pricing.queue_suggestion(tx, who, row.id, NOON),
            lambda tx, who: return_prices(tx, who, Scope(), NOON),
        ]
        before = await self._picture(db)
        for call in calls:
            with pytest.raises(PermissionDenied, match="Попросите владельца"):
                async with db.write() as tx:
                    await call(tx, helper)
        assert await self._picture(db) == before
        allowed = replace(helper, rights=PRICES)
        for call in (calls[2], calls[0]):
            async with db.write() as tx:
                await call(tx, allowed)
        assert await self._picture(db) != before

    async def test_a_manager_sees_what_the_owner_sees(self, db: Database) -> None:
        owner, store, product, _ = await self.ground(db)
        helper = Actor(Role.USER, store.id, HELP, owner.user_id, frozenset())
        async with db.read() as tx:
            assert (await catalog.product_view(tx, helper, product.id)) is not None
            assert [it.id for it in await stores.list_stores(tx, helper)] == [store.id]

    async def test_a_manager_never_manages_staff(self, db: Database) -> None:
        owner, store, _, _ = await self.ground(db)
        every = Actor(Role.USER, store.id, HELP, owner.user_id, frozenset(Area))
        for call in (
            lambda tx: staff.invite(tx, every, "x@example.kz", [], NOON),
            lambda tx: staff.list_staff(tx, every),
            lambda tx: staff.deeds(tx, every),
        ):
            with pytest.raises(PermissionDenied):
                async with db.write() as tx:
                    await call(tx)

    async def test_the_owner_sees_who_did_what(self, scene: Scene) -> None:
        owner, session = await hired(scene, ["prices"])
        manager = await now_is(scene, session)
        async with scene.db.write() as tx:
            user = await tx.get_one(type(await add_user(tx)), owner.user_id)
            store = await add_store(tx, user)
            product = await add_product(tx, store)
        async with scene.db.write() as tx:
            await catalog.change_terms(
                tx, manager, product.id, TermsChange(min_price=800_000), scene.clock.now()
            )
        async with scene.db.read() as tx:
            done = await staff.deeds(tx, owner)
        assert (done[0].who, done[0].action) == (HELP, "product_terms_changed")
        assert not done[0].is_own

    async def test_a_bulk_change_is_one_line_with_its_number(self, scene: Scene) -> None:
        owner, _ = await hired(scene, [])
        for count in (1, 3):
            async with scene.db.write() as tx:
                for _ in range(count):
                    await audit.record(tx, owner, "product_terms_changed", "product", uuid4())
        async with scene.db.read() as tx:
            done = await staff.deeds(tx, owner)
        assert [it.count for it in done if it.action == "product_terms_changed"] == [3, 1]

    async def _picture(self, db: Database) -> list[Any]:
        async with db.read() as tx:
            goods = (await tx.execute(select(Product.min_price, Product.next_check_at))).all()
            rows = (await tx.scalars(select(PriceHistory.status).order_by(PriceHistory.id))).all()
        return [*goods, *rows]

    async def _settings(self, db: Database, owner: Actor, store: KaspiStore) -> Any:
        async with db.read() as tx:
            return await stores.bot_settings(tx, owner, store.id)
