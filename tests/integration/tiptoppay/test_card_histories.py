"""Random histories at the terminal, told twice, late, at once and in any order: our books end as its do."""

from __future__ import annotations

import asyncio
import random

from card_stage import ASKS_LATER, CARD, POOR_CARD, CardStage

from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.billing import charging, comparing, links
from cube_demper.models.billing import Payment, PaymentStatus, Plan
from cube_demper.sandbox.tiptoppay.world import Transaction

_HISTORIES, _SEED = 20, 2026


async def _live(stage: CardStage, chance: random.Random, number: int) -> tuple[Payment, int, int]:
    """Let one seller pay, perhaps after refusals, and get some of it back, while nothing is told.

    Returns the payment, what the terminal took and what it gave back.
    """
    email = f"seller{number}@example.kz"
    stage.seller = Actor(Role.USER, await stage.scene.add(email), email)
    payment = await stage.begin(chance.choice([Plan.BASIC, Plan.PRO]))
    url = await links.open_link(stage.till, stage.seller, payment.id)
    before = len(stage.machine.transactions)
    for _ in range(chance.randrange(3)):
        await stage.http.post(url, data={"card": POOR_CARD})
    if chance.random() < 0.2:
        return payment, 0, 0
    await stage.http.post(url, data={"card": chance.choice([CARD, ASKS_LATER])})
    paid: Transaction = list(stage.machine.transactions.values())[before:][-1]
    for _ in range(chance.randrange(4)):
        left = paid.amount - paid.refunded
        share = left if chance.random() < 0.3 else chance.randrange(1, paid.amount)
        if 0 < share <= left:
            stage.machine.refund(paid, share)
    return payment, paid.amount, paid.refunded


async def _tell(stage: CardStage, chance: random.Random) -> None:
    """Deliver everything that is held: each once to three times, shuffled, several at once."""
    hooks = stage.machine.hooks
    held, hooks.held = hooks.held, []
    told = [it for it in held for _ in range(chance.choice([1, 1, 2, 3]))]
    chance.shuffle(told)
    while told:
        now, told = told[: (size := chance.randrange(1, 5))], told[size:]
        answers = await asyncio.gather(
            *(stage.http.post(it.url, content=it.body, headers=it.headers()) for it in now)
        )
        assert [it.json() for it in answers] == [{"code": 0}] * len(now)


async def test_books_end_as_the_terminals_do(stage: CardStage) -> None:
    chance = random.Random(_SEED)
    stage.machine.hooks.is_held = True
    lives = []
    for number in range(_HISTORIES):
        lives.append(await _live(stage, chance, number))
        if chance.random() < 0.4:
            await _tell(stage, chance)
    await _tell(stage, chance)
    await charging.apply_waiting(stage.till, SYSTEM)
    for payment, taken, given in lives:
        found = await stage.payment(payment)
        expected = PaymentStatus.PARTLY_REFUNDED if given else PaymentStatus.PAID
        expected = PaymentStatus.REFUNDED if given == taken else expected
        assert (found.status, found.refunded) == (
            (expected, given) if taken else (PaymentStatus.CREATED, 0)
        )
    assert await stage.gateway_balance() == sum(taken - given for _, taken, given in lives)
    assert {it[1] for it in await stage.events()} == {"applied"}
    topics = await stage.topics()
    assert topics.count("billing.paid") == sum(bool(taken) for _, taken, _ in lives)
    assert len(topics) - topics.count("billing.paid") == len(await stage.refunds())
    assert await comparing.compare_day(stage.till, SYSTEM, stage.now().date()) == []
