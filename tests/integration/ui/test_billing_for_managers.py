"""`/billing` as a manager reads it: what their right opens, and no error where it opens nothing."""

from __future__ import annotations

from typing import Any

import pytest
from accounts_scene import Scene
from sqlmodel import select

from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.billing import payments
from cube_demper.domain.billing import service as billing
from cube_demper.domain.billing.quotes import quote
from cube_demper.models.accounts import User
from cube_demper.models.billing import Payment, PaymentMethod, Plan
from cube_demper.models.staff import StaffMember
from cube_demper.seller.pages.billing.cards_state import CardsState
from cube_demper.seller.pages.billing.choosing_state import ChoosingState
from cube_demper.seller.pages.billing.payments_state import PaymentsState
from cube_demper.seller.pages.billing.requisites_state import RequisitesState
from cube_demper.seller.pages.billing.state import BillingState

TABS = (("payments", PaymentsState), ("cards", CardsState), ("requisites", RequisitesState))


async def _manager(scene: Scene, rights: list[str]) -> str:
    """Make an owner with a payment under way and a manager of theirs; sign the manager in."""
    now = scene.clock.now()
    owner_id, manager_id = await scene.add("owner@example.kz"), await scene.add("m@example.kz")
    async with scene.db.write() as tx:
        plan = (await billing.plans(tx))[Plan.BASIC]
        made = quote(plan, None, 0, now, use_balance=False)
        method = PaymentMethod.KASPI_TRANSFER
        await payments.open_payment(tx, SYSTEM, owner_id, made, now, method=method)
        tx.add(
            StaffMember(
                owner_id=owner_id,
                user_id=manager_id,
                email="m@example.kz",
                rights=rights,
                expires_at=now,
                accepted_at=now,
            )
        )
        (await tx.get_one(User, manager_id)).acts_for = owner_id
    return await scene.sign_in("m@example.kz")


async def _load(state: Any) -> list[str]:
    return [str(it) async for it in state.load() if it is not None]


@pytest.mark.parametrize(
    ("rights", "ready", "sees_payment"),
    [([], [], False), (["prices"], [], False), (["money"], ["payments", "requisites"], True)],
)
async def test_a_tab_is_read_with_its_right_and_fails_for_nobody(
    scene: Scene, new_tab: Any, rights: list[str], ready: list[str], *, sees_payment: bool
) -> None:
    token = await _manager(scene, rights)
    read = []
    for name, kind in TABS:
        state = await new_tab(token, f"/billing?tab={name}").get_state(kind)
        assert await _load(state) == []
        assert state.phase != "error"
        if state.phase == "ready":
            read.append(name)
    assert read == ready
    page = await new_tab(token, "/billing").get_state(BillingState)
    await _load(page)
    assert (page.is_owner, page.sees_money, page.pending.id != "") == (
        False, sees_payment, sees_payment
    )  # fmt: skip


async def test_nothing_is_bought_or_dropped_with_the_right_to_money(
    scene: Scene, new_tab: Any
) -> None:
    token = await _manager(scene, ["money"])
    state = await new_tab(token, "/billing?plan=pro").get_state(ChoosingState)
    assert "владелец кабинета" in str(await state.follow())
    assert not state.offer.title
    assert [str(it) async for it in state.agree({})] == []  # no dialog, nothing to agree to
    page = await new_tab(token, "/billing").get_state(BillingState)
    await _load(page)
    refused = str(await page.drop_payment())
    assert "права" in refused
    async with scene.db.read() as tx:
        rows = (await tx.scalars(select(Payment))).all()
    assert [it.status for it in rows] == ["created"]
