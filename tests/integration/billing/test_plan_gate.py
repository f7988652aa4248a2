"""Every gated use case with every plan: it passes where the plan has the feature, else says which has."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import uuid4

import pytest
from money_scene import add_seller
from records import NOON, add_store

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import DomainError
from cube_demper.db.session import Database, WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.billing import service as billing
from cube_demper.domain.billing.errors import PlanLacks
from cube_demper.domain.billing.schemas import Feature
from cube_demper.domain.messaging import switches
from cube_demper.domain.messaging.broadcasts import checking
from cube_demper.domain.messaging.gate_schemas import Language
from cube_demper.domain.messaging.inbox import writing
from cube_demper.domain.messaging.inbox.schemas import Answer
from cube_demper.domain.messaging.sessions import service as sessions
from cube_demper.domain.orders import analytics
from cube_demper.domain.orders.analytics_schemas import Span
from cube_demper.domain.pricing import service as pricing
from cube_demper.domain.pricing.returning.service import Scope, return_prices
from cube_demper.domain.salesman import deciding
from cube_demper.domain.salesman import settings as salesman
from cube_demper.domain.stores import service as stores
from cube_demper.models.accounts import User
from cube_demper.models.billing import Plan
from cube_demper.models.broadcasts import Broadcast
from cube_demper.models.stores import BotMode

SECRETS = SecretBox(["x" * 44])
NOBODY = uuid4()
Use = Callable[[WriteTx, Actor], Awaitable[object]]

INCLUDED = {
    Plan.FREE: {Feature.MONITORING},
    Plan.BASIC: {
        Feature.MONITORING,
        Feature.REPRICING,
        Feature.WHATSAPP,
        Feature.PRIORITY_SUPPORT,
    },
    Plan.PRO: set(Feature),
}
"""SPEC §8.1."""


async def _let_the_bot_send(tx: WriteTx, actor: Actor) -> None:
    user = await tx.get_one(User, actor.owner_id)
    store = await add_store(tx, user, bot={"mode": BotMode.SUGGEST})
    await stores.set_mode(tx, actor, store.id, BotMode.AUTO, NOON)


async def _switch_talk_on(tx: WriteTx, actor: Actor) -> None:
    store = await add_store(tx, await tx.get_one(User, actor.owner_id))
    await switches.set_talk(
        tx, actor, store.id, is_enabled=True, language=Language.RU, session_id=NOBODY, now=NOON
    )


GATED: dict[str, tuple[Feature, Use]] = {
    "let the bot send": (Feature.REPRICING, _let_the_bot_send),
    "send a suggestion": (
        Feature.REPRICING,
        lambda tx, actor: pricing.queue_suggestion(tx, actor, NOBODY, NOON),
    ),
    "return prices": (
        Feature.REPRICING,
        lambda tx, actor: return_prices(tx, actor, Scope(), NOON),
    ),
    "link a number": (
        Feature.WHATSAPP,
        lambda tx, actor: sessions.add_number(tx, actor, "", NOON),
    ),
    "restart a number": (
        Feature.WHATSAPP,
        lambda tx, actor: sessions.restart(tx, actor, NOBODY, NOON),
    ),
    "ask for a code": (
        Feature.WHATSAPP,
        lambda tx, actor: sessions.ask_code(
            tx, actor, NOBODY, "+77010000000", secrets=SECRETS, now=NOON
        ),
    ),
    "switch a store's letters on": (Feature.WHATSAPP, _switch_talk_on),
    "answer a buyer": (
        Feature.WHATSAPP,
        lambda tx, actor: writing.answer(
            tx, actor, NOBODY, Answer("да", key="1"), NOON, secrets=SECRETS
        ),
    ),
    "answer a buyer again": (
        Feature.WHATSAPP,
        lambda tx, actor: writing.try_again(tx, actor, NOBODY, NOON, secrets=SECRETS),
    ),
    "start a broadcast": (
        Feature.WHATSAPP,
        lambda tx, actor: checking.speaking_number(
            tx, actor, Broadcast(user_id=actor.owner_id), NOON, secrets=SECRETS
        ),
    ),
    "let the salesman's message go": (
        Feature.AI,
        lambda tx, actor: deciding.approve(tx, actor, NOBODY, NOON, secrets=SECRETS),
    ),
    "switch the salesman on": (
        Feature.AI,
        lambda tx, actor: salesman.save(tx, actor, NOBODY, salesman.Form(is_on=True), NOON),
    ),
    "read the analytics of orders": (
        Feature.ANALYTICS,
        lambda tx, actor: analytics.report(tx, actor, Span.MONTH, NOON),
    ),
}


WALKED = {
    "stores/changes.py": 1,
    "pricing/service.py": 1,
    "pricing/returning/service.py": 1,
    "messaging/sessions/service.py": 3,
    "messaging/switches.py": 1,
    "messaging/inbox/writing.py": 2,
    "messaging/broadcasts/checking.py": 1,
    "orders/analytics.py": 1,
    "salesman/deciding.py": 1,
    "salesman/settings.py": 1,
}
"""Where the gate is asked, and how often: whoever asks it elsewhere adds the use case above."""


def test_every_gate_is_walked() -> None:
    domain = Path(pricing.__file__).parents[1]
    found = {
        path.relative_to(domain).as_posix(): count
        for path in domain.rglob("*.py")
        if (count := path.read_text().count("billing.require(tx"))
    }
    assert found == WALKED
    assert sum(found.values()) == len(GATED)


@pytest.mark.parametrize("plan", Plan)
async def test_a_plan_gives_what_the_papers_say(db: Database, plan: Plan) -> None:
    actor = await add_seller(db, NOON, plan)
    async with db.read() as tx:
        allowed = await billing.entitlements(tx, actor, [actor.owner_id], NOON)
    assert allowed[actor.owner_id].features == INCLUDED[plan]


@pytest.mark.parametrize("plan", Plan)
@pytest.mark.parametrize("use", GATED)
async def test_a_gated_use_case(db: Database, use: str, plan: Plan) -> None:
    feature, call = GATED[use]
    actor = await add_seller(db, NOON, plan)
    refusal: DomainError | None = None
    try:
        async with db.write() as tx:
            await call(tx, actor)
    except DomainError as error:
        refusal = error
    if feature in INCLUDED[plan]:
        assert not isinstance(refusal, PlanLacks)
    else:
        assert isinstance(refusal, PlanLacks)
        assert refusal.feature is feature
        assert feature in INCLUDED[refusal.cheapest_plan]
        assert refusal.cheapest_plan.upper() in refusal.message


async def test_the_product_itself_passes_every_gate(db: Database) -> None:
    async with db.read() as tx:
        for feature in Feature:
            await billing.require(tx, SYSTEM, feature, NOON)
