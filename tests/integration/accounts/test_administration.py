"""What admins do to people: it happens at once, it is written down, and the last admin stays."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from accounts_scene import Scene
from admin_scene import add_admin, entries
from records import add_product, add_store
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from cube_demper.core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts import administration, erasing
from cube_demper.domain.accounts.erasing import KEPT
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.billing import extending
from cube_demper.domain.billing import service as billing
from cube_demper.models.accounts import User
from cube_demper.models.billing import Payment, PaymentMethod, PaymentPurpose, Plan
from cube_demper.models.catalog import Product
from cube_demper.models.stores import KaspiStore


async def _block(scene: Scene, actor: Actor, user_id: UUID, *, is_blocked: bool = True) -> None:
    async with scene.db.write() as tx:
        await administration.set_blocked(
            tx, actor, user_id, is_blocked=is_blocked, now=scene.clock.now(), reason="спам"
        )


class TestBlocking:
    async def test_sessions_end_and_stay_ended(self, scene: Scene) -> None:
        admin, user_id = await add_admin(scene), await scene.add("a@example.kz")
        token = await scene.sign_in("a@example.kz")
        await _block(scene, admin, user_id)
        assert await scene.who(token) is None
        with pytest.raises(PermissionDenied):
            await scene.code("a@example.kz")
        await _block(scene, admin, user_id, is_blocked=False)
        assert await scene.who(token) is None, "an old session must not come back"
        assert await scene.who(await scene.sign_in("a@example.kz")) is not None

    async def test_it_is_written_down_with_before_and_after(self, scene: Scene) -> None:
        admin, user_id = await add_admin(scene), await scene.add("a@example.kz")
        await _block(scene, admin, user_id)
        (entry,) = await entries(scene.db, "user_blocked")
        assert (entry.actor_id, entry.owner_id, entry.ip) == (admin.user_id, user_id, "10.0.0.1")
        assert (entry.before, entry.after) == ({"is_blocked": False}, {"is_blocked": True})
        assert entry.details == {"reason": "спам"}

    @pytest.mark.parametrize("role", [Role.USER, Role.SUPPORT, Role.PARTNER, Role.NOBODY])
    async def test_nobody_else_may(self, scene: Scene, role: Role) -> None:
        user_id = await scene.add("a@example.kz")
        other = Actor(role, await scene.add("b@example.kz"))
        with pytest.raises(PermissionDenied):
            await _block(scene, other, user_id)
        async with scene.db.write() as tx:
            with pytest.raises(PermissionDenied):
                await administration.set_role(tx, other, user_id, Role.ADMIN, scene.clock.now())
            with pytest.raises(PermissionDenied):
                await erasing.delete_user(tx, other, user_id, "просьба", scene.clock.now())
            with pytest.raises(PermissionDenied):
                await extending.extend(tx, other, user_id, 5, scene.clock.now())
            with pytest.raises(PermissionDenied):
                await administration.list_staff(tx, other)


class TestRoles:
    async def test_a_role_changed_during_a_session_ends_it(self, scene: Scene) -> None:
        admin, user_id = await add_admin(scene), await scene.add("a@example.kz")
        token = await scene.sign_in("a@example.kz")
        async with scene.db.write() as tx:
            await administration.set_role(tx, admin, user_id, Role.SUPPORT, scene.clock.now())
        assert await scene.who(token) is None
        (entry,) = await entries(scene.db, "role_changed")
        assert (entry.before, entry.after) == ({"role": "user"}, {"role": "support"})

    async def test_a_session_is_of_no_use_to_another_role(self, scene: Scene) -> None:
        """Even where the row was changed past our service."""
        user_id = await scene.add("a@example.kz", role=Role.ADMIN)
        code = await scene.code("a@example.kz", app=CubeApp.ADMIN)
        token = await scene.open(code, app=CubeApp.ADMIN)
        async with scene.db.write() as tx:
            await tx.execute(
                text("UPDATE users SET role = 'support' WHERE id = :id"), {"id": user_id}
            )
        assert await scene.who(token, CubeApp.ADMIN) is None

    async def test_the_last_admin_stays(self, scene: Scene) -> None:
        admin = await add_admin(scene)
        async with scene.db.write() as tx:
            with pytest.raises(Conflict, match="последний"):
                await administration.set_role(
                    tx, admin, admin.person_id, Role.USER, scene.clock.now()
                )
            with pytest.raises(Conflict, match="последний"):
                await administration.set_blocked(
                    tx, SYSTEM, admin.person_id, is_blocked=True, now=scene.clock.now()
                )

    async def test_two_admins_do_not_lower_each_other_at_once(self, scene: Scene) -> None:
        one, two = await add_admin(scene), await add_admin(scene, "two@example.kz")

        async def lower(actor: Actor, other: Actor) -> bool:
            try:
                async with scene.db.write() as tx:
                    await administration.set_role(
                        tx, actor, other.person_id, Role.SUPPORT, scene.clock.now()
                    )
            except Conflict:
                return False
            return True

        done = await asyncio.gather(lower(one, two), lower(two, one))
        assert sorted(done) == [False, True]

    async def test_a_seller_with_stores_becomes_nobody_of_ours(self, scene: Scene) -> None:
        admin, user_id = await add_admin(scene), await scene.add("a@example.kz")
        async with scene.db.write() as tx:
            await add_store(tx, await tx.get_one(User, user_id))
            with pytest.raises(Conflict, match="магазины"):
                await administration.set_role(tx, admin, user_id, Role.SUPPORT, scene.clock.now())


class TestExtending:
    async def test_days_are_added_to_the_end(self, scene: Scene) -> None:
        admin, user_id = await add_admin(scene), await scene.add("a@example.kz")
        now = scene.clock.now()
        async with scene.db.write() as tx:
            ends_at = await extending.extend(tx, admin, user_id, 10, now)
            plan = (await billing.entitlements(tx, SYSTEM, [user_id], now))[user_id]
        assert ends_at == now + timedelta(days=14 + 10)
        assert plan.ends_at == ends_at
        (entry,) = await entries(scene.db, "subscription_extended")
        assert entry.before is not None
        assert entry.after is not None
        assert entry.before["until"] < entry.after["until"]

    async def test_without_a_subscription_a_plan_is_to_be_chosen(self, scene: Scene) -> None:
        admin, user_id = await add_admin(scene), await scene.add("a@example.kz")
        now = scene.clock.now() + timedelta(days=40)
        async with scene.db.write() as tx:
            with pytest.raises(InvalidInput):
                await extending.extend(tx, admin, user_id, 10, now)
            ends_at = await extending.extend(tx, admin, user_id, 10, now, plan=Plan.BASIC)
            plan = (await billing.entitlements(tx, SYSTEM, [user_id], now))[user_id]
        assert (plan.plan, plan.ends_at) == (Plan.BASIC, ends_at)
        assert ends_at == now + timedelta(days=10)

    @pytest.mark.parametrize("days", [0, -1, 367])
    async def test_nonsense_is_refused(self, scene: Scene, days: int) -> None:
        admin, user_id = await add_admin(scene), await scene.add("a@example.kz")
        async with scene.db.write() as tx:
            with pytest.raises(InvalidInput):
                await extending.extend(tx, admin, user_id, days, scene.clock.now())


class TestDeleting:
    async def test_what_is_personal_goes_and_what_the_law_keeps_stays(self, scene: Scene) -> None:
        admin, user_id = await add_admin(scene), await scene.add("a@example.kz")
        token = await scene.sign_in("a@example.kz")
        async with scene.db.write() as tx:
            user = await tx.get_one(User, user_id)
            user.full_name = "Айгуль Ким"
            await add_product(tx, await add_store(tx, user))
            tx.add(
                Payment(
                    user_id=user_id,
                    plan=Plan.PRO,
                    purpose=PaymentPurpose.SUBSCRIBE,
                    method=PaymentMethod.CARD,
                    amount=2_999_900,
                    invoice_id="CD-1",
                )
            )
        async with scene.db.write() as tx:
            await erasing.delete_user(tx, admin, user_id, "просьба", scene.clock.now())
        assert await scene.who(token) is None
        async with scene.db.write() as tx:
            for _ in range(2):
                await erasing.erase(tx, SYSTEM, {"user_id": str(user_id)}, scene.clock.now())
        async with scene.db.read() as tx:
            for table in (KaspiStore, Product):
                assert await tx.scalar(select(func.count()).select_from(table)) == 0
            assert await tx.scalar(select(func.count()).select_from(Payment)) == 1
            user = await tx.get_one(User, user_id)
        assert (user.full_name, user.is_blocked) == ("", True)
        assert user.email == f"deleted-{user_id}@deleted.invalid"
        assert await scene.add("a@example.kz") != user_id, "the mailbox is free again"

    async def test_every_table_of_a_person_is_erased_or_kept_for_a_reason(self) -> None:
        erased = {table.name for table, _ in erasing.personal_columns()}
        assert {"kaspi_stores", "user_sessions", "second_factors", "whatsapp_messages"} <= erased
        assert not erased & set(KEPT)
        assert all(KEPT.values())

    async def test_who_is_not_deleted_is_not_erased(self, scene: Scene) -> None:
        user_id = await scene.add("a@example.kz")
        async with scene.db.write() as tx:
            await erasing.erase(tx, SYSTEM, {"user_id": str(user_id)}, scene.clock.now())
            assert (await tx.get_one(User, user_id)).email == "a@example.kz"

    async def test_staff_oneself_and_twice_are_refused(self, scene: Scene) -> None:
        admin, other = await add_admin(scene), await add_admin(scene, "two@example.kz")
        user_id = await scene.add("a@example.kz")
        now = scene.clock.now()
        async with scene.db.write() as tx:
            with pytest.raises(PermissionDenied):
                await erasing.delete_user(tx, admin, admin.person_id, "просьба", now)
            with pytest.raises(Conflict):
                await erasing.delete_user(tx, admin, other.person_id, "просьба", now)
            with pytest.raises(InvalidInput):
                await erasing.delete_user(tx, admin, user_id, " ", now)
            await erasing.delete_user(tx, admin, user_id, "просьба", now)
            with pytest.raises(NotFound):
                await erasing.delete_user(tx, admin, user_id, "просьба", now)


class TestAudit:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE audit_log SET action = 'nothing'",
            "DELETE FROM audit_log",
            "TRUNCATE audit_log",
        ],
    )
    async def test_it_is_never_changed(self, scene: Scene, statement: str) -> None:
        await scene.add("a@example.kz")
        before = await entries(scene.db)
        assert before
        with pytest.raises(DBAPIError, match="append-only"):
            async with scene.db.write() as tx:
                await tx.execute(text(statement))
        assert [it.id for it in await entries(scene.db)] == [it.id for it in before]
