"""A person's side of a sign-in to Kaspi: what is written, shown, refused and forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import NOBODY, Actor, Role
from cube_demper.domain.stores import signing_in
from cube_demper.domain.stores.errors import EmailNotConfirmed, StoreNotFound, TooManySignIns
from cube_demper.domain.stores.signing_in_schemas import SignInForm, SignInStep
from cube_demper.models.accounts import User
from cube_demper.models.stores import KaspiLogin, KaspiStore, LoginRefusal, LoginStep

NOW = datetime(2026, 11, 27, 6, tzinfo=UTC)
BOX = SecretBox(["a test's own key"])
FORM = SignInForm(email="shop@example.kz", password="very-secret", keep_password=True)


@dataclass
class Person:
    db: Database
    actor: Actor

    async def start(self, form: SignInForm = FORM, now: datetime = NOW) -> UUID:
        async with self.db.write() as tx:
            return await signing_in.start(tx, self.actor, form, secrets=BOX, now=now)

    async def current(self, now: datetime = NOW) -> SignInStep | None:
        async with self.db.read() as tx:
            return await signing_in.current(tx, self.actor, now)


async def _person(db: Database, email: str, *, is_confirmed: bool = True) -> Person:
    user = User(email=email, password_hash="-", full_name="", referral_code=email[:8])
    user.email_confirmed_at = NOW if is_confirmed else None
    async with db.write() as tx:
        tx.add(user)
        await tx.flush()
    return Person(db, Actor(Role.USER, user.id, email))


@pytest.fixture
async def seller(db: Database) -> Person:
    return await _person(db, "first@example.kz")


@pytest.fixture
async def other(db: Database) -> Person:
    return await _person(db, "other@example.kz")


async def _row(db: Database, login_id: UUID) -> KaspiLogin:
    async with db.read() as tx:
        return (await tx.scalars(select(KaspiLogin).where(KaspiLogin.id == login_id))).one()


async def test_a_request_waits_for_the_worker_with_its_secrets_encrypted(seller: Person) -> None:
    login_id = await seller.start()
    step, row = await seller.current(), await _row(seller.db, login_id)
    assert step is not None
    assert (step.step, step.words) == (LoginStep.OPENING, "Открываем Kaspi…")
    assert step.account == "sh•••@example.kz"
    assert "very-secret" not in row.state
    assert "very-secret" in BOX.decrypt(row.state)
    assert "shop@" not in f"{row.account} {row.account_hash} {row.details}"


async def test_cancelling_forgets_the_password(seller: Person) -> None:
    login_id = await seller.start()
    async with seller.db.write() as tx:
        await signing_in.cancel(tx, seller.actor, login_id, NOW)
    assert (await _row(seller.db, login_id)).state == ""
    step = await seller.current()
    assert step is not None
    assert step.step is LoginStep.CANCELLED
    assert step.is_over


async def test_three_tries_an_hour_for_one_account_whoever_tries(
    seller: Person, other: Person
) -> None:
    for minute in range(3):
        await seller.start(now=NOW + timedelta(minutes=minute))
    with pytest.raises(TooManySignIns) as refused:
        await other.start(now=NOW + timedelta(minutes=30))
    assert refused.value.wait == timedelta(minutes=30)
    await other.start(now=NOW + timedelta(minutes=60, seconds=1))


async def test_two_people_cannot_sign_in_to_one_account_at_once(
    seller: Person, other: Person
) -> None:
    await seller.start()
    with pytest.raises(Conflict):
        await other.start()
    await other.start(now=NOW + timedelta(minutes=11))


async def test_time_over_is_said_even_while_no_worker_runs(seller: Person) -> None:
    await seller.start()
    step = await seller.current(NOW + timedelta(minutes=11))
    assert step is not None
    assert step.refusal is LoginRefusal.EXPIRED


async def test_an_unconfirmed_email_connects_nothing(db: Database) -> None:
    stranger = await _person(db, "new@example.kz", is_confirmed=False)
    with pytest.raises(EmailNotConfirmed):
        await stranger.start()


async def test_nobody_and_strangers_are_refused(seller: Person, other: Person) -> None:
    login_id = await seller.start()
    assert await other.current() is None
    async with seller.db.write() as tx:
        with pytest.raises(NotFound):
            await signing_in.cancel(tx, other.actor, login_id, NOW)
        with pytest.raises(NotFound):
            await signing_in.submit_code(tx, other.actor, login_id, "1234", secrets=BOX, now=NOW)
        with pytest.raises(PermissionDenied):
            await signing_in.start(tx, NOBODY, FORM, secrets=BOX, now=NOW)


async def test_another_sellers_store_cannot_be_signed_in_again(
    seller: Person, other: Person
) -> None:
    store = KaspiStore(user_id=seller.actor.owner_id, merchant_id="30000001", name="Чужой")
    async with seller.db.write() as tx:
        tx.add(store)
    with pytest.raises(StoreNotFound):
        await other.start(SignInForm(phone="87010000000", store_id=store.id))


async def test_a_code_is_taken_only_when_one_is_awaited(seller: Person) -> None:
    login_id = await seller.start()
    async with seller.db.write() as tx:
        with pytest.raises(Conflict):
            await signing_in.submit_code(tx, seller.actor, login_id, "1234", secrets=BOX, now=NOW)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (SignInForm(email="no-at-sign", password="x"), "email"),
        (SignInForm(email="a@b.kz"), "password"),
        (SignInForm(phone="+7 495 000 00 00"), "phone"),
    ],
)
async def test_a_wrong_form_names_its_field(seller: Person, form: SignInForm, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await seller.start(form)
    assert refused.value.field == field


async def test_an_empty_form_names_both_of_its_fields(seller: Person) -> None:
    with pytest.raises(InvalidInput) as refused:
        await seller.start(SignInForm())
    assert list(refused.value.faults) == ["email", "password"]
