"""What a person's row says of plan, stores and payments follows from the tables that decide it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest
from accounts_scene import Scene
from admin_scene import BOX, add_admin
from records import add_store, add_user
from sqlalchemy import delete, update
from sqlmodel import col

from cube_demper.domain.accounts import directory
from cube_demper.domain.accounts.directory_schemas import PeopleFilter
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.models.accounts import User
from cube_demper.models.billing import Payment, Plan, Subscription, SubscriptionStatus
from cube_demper.models.stores import KaspiStore

DAY = timedelta(days=1)


@dataclass
class Person:
    """Who is looked for by what is true of them."""

    scene: Scene
    admin: Actor
    id: UUID
    store: UUID
    fits: set[str] = field(default_factory=set)

    async def found_by(self, later: timedelta = timedelta()) -> set[str]:
        """Return the filters that find them."""
        asked = [("plan", it) for it in ("free", "trial", "basic", "pro", "left")]
        asked += [("stores", it) for it in ("with", "without", "lost")]
        return {value for name, value in asked if await self._is_found(name, value, later)}

    async def change(self, *statements: object) -> None:
        """Change other tables in one transaction."""
        async with self.scene.db.write() as tx:
            for it in statements:
                await tx.execute(it)  # type: ignore[call-overload]

    async def _is_found(self, name: str, value: str, later: timedelta) -> bool:
        async with self.scene.db.read() as tx:
            page = await directory.page(
                tx,
                self.admin,
                PeopleFilter(search="aigul@", **{name: value}),
                cursor="",
                secrets=BOX,
                now=self.scene.clock.now() + later,
            )
        return [it.id for it in page.rows] == [self.id]


@pytest.fixture
async def person(scene: Scene) -> Person:
    admin, now = await add_admin(scene), scene.clock.now()
    async with scene.db.write() as tx:
        user = await add_user(tx, plan=Plan.PRO, now=now, email="aigul@mail.kz", full_name="")
        store = await add_store(tx, user)
    return Person(scene, admin, user.id, store.id)


def _plan(person: Person, **values: object) -> object:
    return update(Subscription).where(col(Subscription.user_id) == person.id).values(**values)


async def test_a_plan_is_over_when_its_time_is(person: Person) -> None:
    assert await person.found_by() == {"pro", "with"}
    assert await person.found_by(later=DAY * 400) == {"free", "with"}
    await person.change(_plan(person, is_trial=True))
    assert await person.found_by() == {"trial", "with"}
    await person.change(_plan(person, status=SubscriptionStatus.CANCELLED))
    assert await person.found_by() == {"free", "with"}
    await person.change(delete(Subscription).where(col(Subscription.user_id) == person.id))
    assert await person.found_by() == {"free", "with"}


async def test_the_plan_had_before_counts_until_its_day(person: Person) -> None:
    until = person.scene.clock.now() + DAY
    await person.change(_plan(person, first_plan=Plan.BASIC, first_until=until))
    assert await person.found_by() == {"basic", "with"}
    assert await person.found_by(later=DAY) == {"pro", "with"}


async def test_stores_come_fall_out_and_go_with_their_owner(person: Person) -> None:
    mine = col(KaspiStore.id) == person.store
    await person.change(update(KaspiStore).where(mine).values(needs_reauth=True))
    assert await person.found_by() == {"pro", "with", "lost"}
    async with person.scene.db.write() as tx:
        other = await add_user(tx, plan=None, email="other@mail.kz")
    await person.change(update(KaspiStore).where(mine).values(user_id=other.id))
    assert await person.found_by() == {"pro", "without"}
    await person.change(delete(KaspiStore).where(mine))
    async with person.scene.db.read() as tx:
        assert (await tx.get_one(User, other.id)).stores == 0


async def test_who_has_paid_and_does_no_longer_has_left(person: Person) -> None:
    now = person.scene.clock.now()
    async with person.scene.db.write() as tx:
        tx.add(
            Payment(
                user_id=person.id, plan=Plan.PRO, purpose="renew", method="card", status="paid",
                amount=1_999_000, invoice_id="CD-LEFT", paid_at=now, quote={},
            )
        )  # fmt: skip
    assert "left" not in await person.found_by()
    assert "left" in await person.found_by(later=DAY * 400)
    await person.change(delete(Subscription).where(col(Subscription.user_id) == person.id))
    assert await person.found_by() == {"free", "left", "with"}


async def test_two_who_change_one_person_at_once_lose_nothing(person: Person) -> None:
    async with person.scene.db.write() as one, person.scene.db.write() as two:
        await one.execute(_plan(person, is_trial=True))  # type: ignore[call-overload]
        await two.execute(
            update(KaspiStore).where(col(KaspiStore.id) == person.store).values(needs_reauth=True)
        )
    assert await person.found_by() == {"trial", "with", "lost"}
