"""A plan's tokens: so many a calendar month of Almaty, taken before a call and settled after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.core.clock import ALMATY
from cube_demper.core.russian import day_words
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.ai import queries
from cube_demper.domain.ai.errors import TokensSpent
from cube_demper.domain.ai.model import Prompt
from cube_demper.domain.billing import service as billing
from cube_demper.domain.billing.errors import PlanLacks
from cube_demper.domain.billing.schemas import Feature
from cube_demper.models.ai import AiCall, AiStaff

LOST_AFTER = timedelta(minutes=15)
"""Longer than any call takes, its tries included."""


@dataclass(frozen=True, slots=True)
class Errand:
    """Who of the staff asks, for which seller and store, and what for (`consultation`, `upsell`…)."""

    staff: AiStaff
    purpose: str
    user_id: UUID
    store_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """A month's tokens. `renews_at`: the beginning of the next month."""

    given: int
    spent: int
    renews_at: datetime

    @property
    def left(self) -> int:
        """Return how many may still be spent."""
        return max(0, self.given - self.spent)


async def tokens_of(tx: ReadTx, actor: Actor, user_id: UUID, now: datetime) -> Tokens:
    """Return a seller's tokens of this month. Raises PermissionDenied, PlanLacks without AI in the plan."""
    allowed = (await billing.entitlements(tx, actor, [user_id], now))[user_id]
    if not allowed.has(Feature.AI):
        raise PlanLacks(Feature.AI, billing.cheapest_with(await billing.plans(tx), Feature.AI))
    since, until = _month(now)
    return Tokens(allowed.ai_tokens, await queries.spent_since(tx, user_id, since), until)


async def reserve(
    tx: WriteTx, actor: Actor, errand: Errand, prompt: Prompt, *, model: str, now: datetime
) -> UUID:
    """Take the most that a call can cost and return the call's id.

    Raises PermissionDenied, PlanLacks, and TokensSpent when the month's tokens are not enough.
    """
    await queries.take_turns(tx, errand.user_id)
    await queries.give_up_lost(tx, errand.user_id, now - LOST_AFTER, now)
    tokens = await tokens_of(tx, actor, errand.user_id, now)
    if tokens.left < prompt.most_tokens:
        raise TokensSpent(
            "Токены тарифа на этот месяц израсходованы. "
            f"Новые появятся {day_words(tokens.renews_at.date())}."
        )
    call = AiCall(
        user_id=errand.user_id,
        store_id=errand.store_id,
        staff=errand.staff,
        purpose=errand.purpose,
        model=model,
        tokens=prompt.most_tokens,
        started_at=now,
    )
    tx.add(call)
    await tx.flush()
    return call.id


def _month(now: datetime) -> tuple[datetime, datetime]:
    """Return the beginnings of this month and of the next one in Almaty."""
    first = now.astimezone(ALMATY).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return first, (first + timedelta(days=32)).replace(day=1)
