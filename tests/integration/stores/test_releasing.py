"""Whose a store is: a sign-in wins over a price list's claim, never over another sign-in."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest
from records import add_product, add_user, seller
from sqlalchemy import select
from sqlmodel import col

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.feed import service as feed
from cube_demper.domain.feed.errors import FeedNotFound, MerchantTaken
from cube_demper.domain.feed.publishing import PriceLimits, open_file
from cube_demper.domain.feed.schemas import FeedOffer, FeedPoint, PriceList
from cube_demper.domain.stores import login_work, signing_in
from cube_demper.domain.stores.login_work import SignedInAs
from cube_demper.domain.stores.releasing import release
from cube_demper.domain.stores.signing_in_schemas import LoginJob, Shop, SignInForm
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product
from cube_demper.models.feed import FeedImport, ImportStatus, StoreFeed
from cube_demper.models.operations import AuditEntry, Notification
from cube_demper.models.stores import Channel, KaspiLogin, KaspiStore, LoginRefusal, LoginStep

NOW = datetime(2026, 11, 27, 6, tzinfo=UTC)
BOX = SecretBox(["a test's own key"])
MERCHANT = "30000001"
SHOP = Shop(uid=MERCHANT, name="Лавка в кабинете")
COOKIES = ({"name": "mc-sid", "value": "1"},)
LIMITS = PriceLimits(min_price_tenge=10, max_fall_percent=30)


@dataclass
class Person:
    """A seller who comes by one of the two ways."""

    db: Database
    user: User

    async def upload(self) -> UUID:
        """Upload and confirm a list of this merchant; the worker has not taken it in yet."""
        points = (FeedPoint("PP1", is_available=True, stock=3),)
        line = FeedOffer("102298404_1", "Товар", None, points, price=1_000_000)
        async with self.db.write() as tx:
            found = PriceList((line,), (), MERCHANT, "Лавка")
            return await feed.save_upload(tx, seller(self.user), "list.xml", found, NOW)

    async def confirm(self, import_id: UUID) -> None:
        async with self.db.write() as tx:
            await feed.confirm_import(
                tx,
                seller(self.user),
                import_id,
                merchant_id=MERCHANT,
                merchant_name="Лавка",
                cities={"PP1": "750000000"},
                now=NOW,
            )

    async def take_in(self, import_id: UUID) -> None:
        async with self.db.write() as tx:
            await feed.take_in(tx, import_id, BOX, NOW)

    async def claim(self) -> str:
        """Connect the merchant by a price list; return the file's secret."""
        import_id = await self.upload()
        await self.confirm(import_id)
        await self.take_in(import_id)
        async with self.db.read() as tx:
            file = (await tx.scalars(select(StoreFeed))).one()
        return BOX.decrypt(file.token)

    async def ask(self) -> LoginJob:
        """Begin a sign-in and have a worker take it."""
        form = SignInForm(email=f"kaspi-{self.user.id}@example.kz", password="secret")
        async with self.db.write() as tx:
            await signing_in.start(tx, seller(self.user), form, secrets=BOX, now=NOW)
        async with self.db.write() as tx:
            job = await login_work.claim(tx, SYSTEM, BOX, NOW)
        assert job is not None
        assert job.user_id == self.user.id
        return job

    async def arrive(self, job: LoginJob) -> list[UUID]:
        async with self.db.write() as tx:
            got = SignedInAs((SHOP,), COOKIES)
            return await login_work.signed_in(tx, SYSTEM, job, got, box=BOX, now=NOW)

    async def sign_in(self) -> KaspiLogin:
        job = await self.ask()
        await self.arrive(job)
        async with self.db.read() as tx:
            return await tx.get_one(KaspiLogin, job.id)


async def _person(db: Database) -> Person:
    async with db.write() as tx:
        return Person(db, await add_user(tx))


@pytest.fixture
async def first(db: Database) -> Person:
    return await _person(db)


@pytest.fixture
async def second(db: Database) -> Person:
    return await _person(db)


async def _store(db: Database) -> KaspiStore:
    async with db.read() as tx:
        return (await tx.scalars(select(KaspiStore))).one()


async def test_a_sign_in_takes_over_what_another_only_claimed(
    db: Database, first: Person, second: Person
) -> None:
    secret = await first.claim()
    claimed = await _store(db)
    await open_file(db, secret, NOW, LIMITS)
    login = await second.sign_in()
    assert (login.step, login.refusal) == (LoginStep.DONE, None)
    store = await _store(db)
    assert (store.user_id, store.merchant_id) == (second.user.id, MERCHANT)
    assert (store.channel, store.name) == (Channel.CABINET, SHOP.name)
    assert store.id == login.store_id != claimed.id
    with pytest.raises(FeedNotFound):
        await open_file(db, secret, NOW, LIMITS)
    async with db.read() as tx:
        (told,) = (await tx.scalars(select(Notification))).all()
        entry = await tx.scalar(
            select(AuditEntry).where(col(AuditEntry.action) == "store_released")
        )
        goods = (await tx.scalars(select(Product))).all()
    assert (told.user_id, told.kind) == (first.user.id, "store_released")
    assert MERCHANT in told.body
    assert entry is not None
    assert (entry.entity_id, entry.details["was_of"]) == (str(claimed.id), str(first.user.id))
    assert goods == []


async def test_who_claimed_it_cannot_claim_it_again(
    db: Database, first: Person, second: Person
) -> None:
    await first.claim()
    await second.sign_in()
    with pytest.raises(MerchantTaken) as refused:
        await first.upload()
    assert "войдите в Kaspi" in refused.value.message
    assert (await _store(db)).user_id == second.user.id


async def test_a_store_connected_by_a_sign_in_stays_with_whoever_has_it(
    db: Database, first: Person, second: Person
) -> None:
    await first.sign_in()
    login = await second.sign_in()
    assert login.refusal == LoginRefusal.TAKEN
    store = await _store(db)
    assert store.user_id == first.user.id
    async with db.read() as tx:
        assert (await tx.scalars(select(Notification))).all() == []


async def test_a_store_that_was_signed_in_and_sends_by_price_list_is_no_mere_claim(
    db: Database, first: Person, second: Person
) -> None:
    await first.sign_in()
    store = await _store(db)
    async with db.write() as tx:
        (await tx.get_one(KaspiStore, store.id)).synced_at = NOW
        await feed.use_feed(tx, seller(first.user), store.id, BOX, NOW)
    login = await second.sign_in()
    assert login.refusal == LoginRefusal.TAKEN
    assert (await _store(db)).user_id == first.user.id


async def test_ones_own_claim_becomes_a_proved_store_with_all_that_was_set(
    db: Database, first: Person
) -> None:
    await first.claim()
    claimed = await _store(db)
    async with db.write() as tx:
        await add_product(tx, claimed, min_price=700_000)
    login = await first.sign_in()
    store = await _store(db)
    assert (store.id, login.step) == (claimed.id, LoginStep.DONE)
    assert store.guid is not None
    async with db.read() as tx:
        assert 700_000 in (await tx.scalars(select(col(Product.min_price)))).all()


@pytest.mark.parametrize("order", ["list first", "sign-in first"])
async def test_a_list_and_a_sign_in_at_once_end_with_the_sign_in(
    db: Database, first: Person, second: Person, order: str
) -> None:
    import_id = await first.upload()
    await first.confirm(import_id)
    job = await second.ask()
    acts = [first.take_in(import_id), second.arrive(job)]
    await asyncio.gather(*(acts if order == "list first" else reversed(acts)))
    assert (await _store(db)).user_id == second.user.id
    async with db.read() as tx:
        row = await tx.get(FeedImport, import_id)
        assert row is None or row.status == ImportStatus.FAILED
        assert (await tx.get_one(KaspiLogin, job.id)).step == LoginStep.DONE


async def test_of_two_sign_ins_at_once_one_gets_it_and_the_other_is_told(
    db: Database, first: Person, second: Person
) -> None:
    jobs = [await first.ask(), await second.ask()]
    await asyncio.gather(first.arrive(jobs[0]), second.arrive(jobs[1]))
    async with db.read() as tx:
        ended = [await tx.get_one(KaspiLogin, job.id) for job in jobs]
    assert sorted(row.step for row in ended) == [LoginStep.DONE, LoginStep.REFUSED]
    (winner,) = [row.user_id for row in ended if row.step == LoginStep.DONE]
    assert (await _store(db)).user_id == winner
    assert {row.refusal for row in ended} == {None, LoginRefusal.TAKEN}


async def test_two_sign_ins_race_for_a_claimed_store_and_it_is_released_once(
    db: Database, first: Person, second: Person
) -> None:
    await first.claim()
    third = await _person(db)
    jobs = [await second.ask(), await third.ask()]
    await asyncio.gather(second.arrive(jobs[0]), third.arrive(jobs[1]))
    assert (await _store(db)).user_id in {second.user.id, third.user.id}
    async with db.read() as tx:
        told = (await tx.scalars(select(Notification))).all()
    assert [row.user_id for row in told] == [first.user.id]


async def test_nobody_but_the_product_releases_a_store(db: Database, first: Person) -> None:
    await first.claim()
    store = await _store(db)
    async with db.write() as tx:
        with pytest.raises(PermissionDenied):
            await release(tx, seller(first.user), store, NOW)
    assert (await _store(db)).id == store.id
