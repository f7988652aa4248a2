"""Saved cards: kept when their holder has paid with them, chosen and removed by their holder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import NotFound
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.billing import gateway_queries, queries
from cube_demper.domain.billing.gateway import CardSeen
from cube_demper.models.gateway import PaymentCard


@dataclass(frozen=True, slots=True)
class SavedCard:
    """A card as its holder sees it. `expires`: «MM/YY»."""

    id: UUID
    brand: str
    last_four: str
    expires: str
    is_default: bool


async def list_cards(tx: ReadTx, actor: Actor) -> list[SavedCard]:
    """Return the seller's cards, the default one first. Raises PermissionDenied."""
    actor.require(None)
    rows = await gateway_queries.list_cards(tx, actor.owner_id)
    return [SavedCard(it.id, it.brand, it.last_four, it.expires, it.is_default) for it in rows]


async def make_default(tx: WriteTx, actor: Actor, card_id: UUID, now: datetime) -> None:
    """Let a card renew the plan from now on. Raises NotFound, PermissionDenied."""
    card = await get_own(tx, actor, card_id)
    await _choose(tx, card, now)
    await audit.record(tx, actor, "renewal_card_chosen", "card", card.id)
    tx.emit(f"user:{card.user_id}", "billing", card.id)


async def remove(tx: WriteTx, actor: Actor, card_id: UUID, now: datetime) -> None:
    """Forget a card; the newest that is left renews the plan, without one nothing does.

    Raises NotFound, PermissionDenied.
    """
    card = await get_own(tx, actor, card_id)
    plan = await queries.find_active(tx, card.user_id)
    was_renewing = card.is_default or (plan is not None and plan.card_id == card.id)
    card.removed_at, card.is_default = now, False
    await tx.flush()
    left = await gateway_queries.list_cards(tx, card.user_id)
    if was_renewing and left:
        await _choose(tx, left[0], now)
    elif not left:
        await gateway_queries.set_renewing_card(tx, card.user_id, None, now)
    await audit.record(tx, actor, "card_removed", "card", card.id)
    tx.emit(f"user:{card.user_id}", "billing", card.id)


async def keep(
    tx: WriteTx, secrets: SecretBox, user_id: UUID, seen: CardSeen, at: datetime
) -> PaymentCard | None:
    """Keep the card that a payment of `at` was made with; None without a token.

    The first card is the default. A card that was removed after that payment stays removed. The caller
    holds the person's row.
    """
    if not seen.token:
        return None
    hashes = secrets.fingerprints(seen.token)
    card = await gateway_queries.find_card_by_token(tx, user_id, hashes)
    if card is None:
        card = PaymentCard(user_id=user_id, token="", token_hash=hashes[0])
    elif card.removed_at is not None and card.removed_at >= at:
        return None
    card.token, card.token_hash, card.removed_at = secrets.encrypt(seen.token), hashes[0], None
    card.first_six, card.last_four = seen.first_six, seen.last_four
    card.brand, card.expires = seen.brand, seen.expires
    tx.add(card)
    await tx.flush()
    if len(await gateway_queries.list_cards(tx, user_id)) == 1:
        card.is_default = True
        await tx.flush()
    return card


async def get_own(tx: WriteTx, actor: Actor, card_id: UUID) -> PaymentCard:
    """Return a card of the seller's own, their money held. Raises NotFound, PermissionDenied."""
    actor.require(None)
    await queries.lock_user(tx, actor.owner_id)
    card = await gateway_queries.find_card(tx, card_id)
    if card is None or card.user_id != actor.owner_id:
        raise NotFound("Этой карты уже нет.")
    return card


async def _choose(tx: WriteTx, card: PaymentCard, now: datetime) -> None:
    await gateway_queries.clear_default(tx, card.user_id)
    await tx.flush()
    card.is_default = True
    await tx.flush()
    await gateway_queries.set_renewing_card(tx, card.user_id, card.id, now)
