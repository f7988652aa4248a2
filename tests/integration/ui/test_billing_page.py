"""The dialog of a plan: what it opens on, and what it refuses before anything is begun."""

from __future__ import annotations

from typing import Any

from accounts_scene import Scene
from sqlmodel import col, select

from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.billing import ledger, payments
from cube_demper.domain.billing.ledger import Line, Posting
from cube_demper.domain.billing.schemas import Settlement
from cube_demper.models.accounts import User
from cube_demper.models.billing import Payment, PaymentMethod, PaymentStatus, PlanTerms
from cube_demper.models.ledger import Account
from cube_demper.seller.pages.billing.choosing_state import ChoosingState

FORM = {"company": "ИП Иванов", "bin": "123456789013"}


async def _open(scene: Scene, new_tab: Any, address: str) -> Any:
    """Open an address as the seller; return the dialog's state and what was said."""
    async with scene.db.read() as tx:
        has_account = await tx.scalar(select(User.id))
    if has_account is None:
        await scene.add("a@example.kz")
    token = await scene.sign_in("a@example.kz")
    state = await new_tab(token, address).get_state(ChoosingState)
    return state, await state.follow()


async def _agree(state: Any, form: dict[str, str]) -> list[str]:
    return [str(it) async for it in state.agree(form)]


async def _payment(scene: Scene) -> Payment | None:
    async with scene.db.read() as tx:
        row: Payment | None = await tx.scalar(
            select(Payment).order_by(col(Payment.created_at).desc()).limit(1)
        )
        return row


async def test_the_address_opens_a_plan_and_nonsense_opens_none(scene: Scene, new_tab: Any) -> None:
    state, said = await _open(scene, new_tab, "/billing?plan=pro")
    assert (state.offer.code, said) == ("pro", None)
    for address in ("/billing", "/billing?plan=free", "/billing?plan=x"):
        state, _ = await _open(scene, new_tab, address)
        assert not state.offer.title


async def test_a_plan_that_is_sold_no_more_is_said_to_be_so(scene: Scene, new_tab: Any) -> None:
    async with scene.db.write() as tx:
        terms = await tx.scalar(select(PlanTerms).where(col(PlanTerms.code) == "basic"))
        assert terms is not None
        terms.is_sold = False
    state, said = await _open(scene, new_tab, "/billing?plan=basic")
    assert not state.offer.title
    assert "не продаётся" in str(said)


async def test_what_is_paid_for_already_is_said(scene: Scene, new_tab: Any) -> None:
    state, _ = await _open(scene, new_tab, "/billing?plan=basic")
    state.way = "kaspi_transfer"
    await _agree(state, {})
    payment, now = await _payment(scene), scene.clock.now()
    assert payment is not None
    async with scene.db.write() as tx:
        money = Settlement(payment.amount, "KZT", "t-1", PaymentMethod.KASPI_TRANSFER, now)
        await payments.paid(tx, SYSTEM, payment.invoice_id, money, now)
    state, said = await _open(scene, new_tab, "/billing?plan=basic")
    assert not state.offer.title
    assert "оплачен до" in str(said)


async def test_a_smaller_plan_that_was_chosen_may_be_paid_before_the_end(
    scene: Scene, new_tab: Any
) -> None:
    state, _ = await _open(scene, new_tab, "/billing?plan=pro")
    state.way = "kaspi_transfer"
    await _agree(state, {})
    payment, now = await _payment(scene), scene.clock.now()
    assert payment is not None
    async with scene.db.write() as tx:
        money = Settlement(payment.amount, "KZT", "t-1", PaymentMethod.KASPI_TRANSFER, now)
        await payments.paid(tx, SYSTEM, payment.invoice_id, money, now)
    scene.clock.move(days=36)
    for is_later in (True, False):
        state, _ = await _open(scene, new_tab, "/billing?plan=basic")
        assert state.offer.is_later is is_later
        if is_later:
            await _agree(state, {})
    assert state.offer.total == "9\u00a0999\u00a0₸"


async def test_another_price_than_the_one_seen_begins_nothing(scene: Scene, new_tab: Any) -> None:
    state, _ = await _open(scene, new_tab, "/billing?plan=basic")
    async with scene.db.write() as tx:
        terms = await tx.scalar(select(PlanTerms).where(col(PlanTerms.code) == "basic"))
        assert terms is not None
        terms.price += 100_000
    state.way = "kaspi_transfer"
    await _agree(state, {})
    assert "Условия изменились" in state.errors["form"]
    assert state.offer.total == "10\u00a0999\u00a0₸"
    assert await _payment(scene) is None


async def test_a_balance_spent_in_another_tab_asks_again(scene: Scene, new_tab: Any) -> None:
    state, _ = await _open(scene, new_tab, "/billing?plan=basic")
    async with scene.db.write() as tx:
        owner = await tx.scalar(select(User.id))
        lines = [
            Line(Account.REFERRAL_COST, 50_000),
            Line(Account.CUSTOMER, -50_000, user_id=owner),
        ]
        await ledger.post(tx, Posting("gift", "referral", lines), scene.clock.now())
    state.way = "kaspi_transfer"
    await _agree(state, {})  # the sum that was seen is not the one that would leave the card now
    assert "Условия изменились" in state.errors["form"]
    assert state.offer.total == "9\u00a0499\u00a0₸"
    assert await _payment(scene) is None


async def test_the_second_press_of_two_does_nothing(scene: Scene, new_tab: Any) -> None:
    state, _ = await _open(scene, new_tab, "/billing?plan=basic")
    state.way = "kaspi_transfer"
    await _agree(state, {})
    assert await _agree(state, {}) == []
    first = await _payment(scene)
    assert first is not None
    assert (first.status, first.plan) == (PaymentStatus.CREATED, "basic")


async def test_an_invoice_needs_requisites_and_begins_nothing_without(
    scene: Scene, new_tab: Any
) -> None:
    state, _ = await _open(scene, new_tab, "/billing?plan=basic")
    state.way = "bank_invoice"
    await _agree(state, {"company": "", "bin": "1"})
    assert {"company", "bin"} <= set(state.errors)
    assert await _payment(scene) is None
    await _agree(state, FORM)  # ours are not set here: no invoice, so no payment that waits for it
    assert "Реквизиты сервиса ещё не заданы" in str(state.errors)
    assert await _payment(scene) is None


async def test_a_transfer_waits_and_a_second_tab_makes_no_second(
    scene: Scene, new_tab: Any
) -> None:
    for _ in range(2):
        state, _ = await _open(scene, new_tab, "/billing?plan=basic")
        state.way = "kaspi_transfer"
        await _agree(state, {})
        assert not state.offer.title
    async with scene.db.read() as tx:
        rows = (await tx.scalars(select(Payment))).all()
    assert [it.status for it in rows] == [PaymentStatus.CREATED]
