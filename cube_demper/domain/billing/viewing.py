"""What a seller sees of their plan and money. Reads only; sums tiyn, times UTC.

The plan and its use are for all who work for the seller; payments, cards and papers are for those with
the right to money.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.billing import (
    balances,
    cards,
    goods_queries,
    papers,
    queries,
    rules,
    service,
    subscribing,
)
from cube_demper.domain.billing import view_queries as seen
from cube_demper.domain.billing.cards import SavedCard
from cube_demper.domain.billing.dunning.rules import retry_at
from cube_demper.domain.billing.quotes import balance_part
from cube_demper.domain.billing.schemas import Entitlements, PlanOffer
from cube_demper.domain.billing.view_schemas import (
    CardView,
    PaperView,
    PaymentPage,
    PaymentView,
    PlanView,
    Standing,
    Usage,
)
from cube_demper.domain.proxies import service as proxies
from cube_demper.models.billing import Payment, Plan, Subscription, SubscriptionStatus
from cube_demper.models.invoices import Invoice
from cube_demper.models.staff import Area

PAYMENTS_PAGE: Final = 20
LANDED_SHOWN: Final = timedelta(days=30)
"""How long every page says that a plan has ended; after that it is FREE like any other."""


async def list_plans(tx: ReadTx) -> list[PlanView]:
    """Return the plans that are sold, and FREE, the cheapest first."""
    offers = await service.plans(tx)
    return [plan_view(it) for it in offers.values() if it.is_sold or it.plan is Plan.FREE]


async def standing(tx: ReadTx, actor: Actor, now: datetime) -> Standing:
    """Return what the actor's seller has now and what comes next. Raises PermissionDenied."""
    offers = await service.plans(tx)
    rows = await queries.list_in_force(tx, [actor.owner_id], now)
    row = rows[0] if rows else await seen.find_latest(tx, actor.owner_id)
    over_since = _over_since(row, now) if row is not None and not rows else None
    if row is None or (not rows and over_since is None):
        return Standing(plan_view(offers[Plan.FREE]))
    card = await _card(tx, actor, row)
    is_late = bool(rows) and row.current_period_end <= now
    failure = await seen.find_last_failure(tx, row.id) if is_late or not rows else None
    first = service.plan_in_force(row, now)
    price = subscribing.renewal_price(row, offers)
    from_balance = balance_part(price, await balances.spendable(tx, actor.owner_id))
    is_paid_by_itself = row.card_id is not None or from_balance == price
    is_charged = bool(rows) and not (row.is_trial or row.cancel_at_period_end) and is_paid_by_itself
    charge_at = retry_at(row.current_period_end, now) if is_charged else None
    return Standing(
        plan=plan_view(offers[first]),
        starts_at=row.current_period_start,
        ends_at=row.current_period_end,
        is_trial=row.is_trial,
        renewal=price,
        from_balance=from_balance,
        card=card,
        is_card_hidden=actor.acts_for is not None and row.card_id is not None,
        is_ending=row.cancel_at_period_end,
        next_plan=plan_view(offers[Plan(row.next_plan)]) if row.next_plan else None,
        paid_plan=plan_view(offers[Plan(row.plan)]) if first != row.plan else None,
        paid_from=row.first_until if first != row.plan else None,
        grace_until=row.grace_until if is_late else None,
        retry_at=charge_at if is_late else None,
        trouble=(failure.failure_words or "") if failure else "",
        landing=row.landing,
        landed_at=over_since,
        is_landing=over_since is not None and row.landed_at is None,
        charge_at=charge_at,
    )


def _over_since(row: Subscription, now: datetime) -> datetime | None:
    """Return since when a plan that is over is told of: while its bot is being stopped, and a month after.

    A month where it stopped against the seller's will; one that was cancelled is FREE at once.
    """
    if row.status == SubscriptionStatus.ACTIVE:
        return row.grace_until or row.current_period_end
    if row.landed_at is None or row.cancel_at_period_end or now - row.landed_at >= LANDED_SHOWN:
        return None
    return row.landed_at


async def usage(
    tx: ReadTx, actor: Actor, now: datetime, allowed: Entitlements | None = None
) -> Usage:
    """Return how much of the plan the actor's seller uses; `allowed` spares reading it again.

    Raises PermissionDenied.
    """
    owner_id = actor.owner_id
    if allowed is None:
        allowed = (await service.entitlements(tx, actor, [owner_id], now))[owner_id]
    is_paid = allowed.plan is not Plan.FREE and not allowed.is_trial
    return Usage(
        bots=await goods_queries.count_bots(tx, owner_id),
        bot_limit=allowed.bot_limit,
        proxies=await proxies.count_allotted(tx, actor) if is_paid else 0,
        proxies_due=rules.PROXIES if is_paid else 0,
    )


async def balance(tx: ReadTx, actor: Actor) -> int:
    """Return what the seller has with us: it pays for a plan."""
    return await balances.spendable(tx, actor.owner_id)


async def last_payment(tx: ReadTx, actor: Actor) -> PaymentView | None:
    """Return the payment that was begun last, whatever became of it; None for who may not see money."""
    if not actor.may(Area.MONEY):
        return None
    row = await seen.find_last_payment(tx, actor.owner_id)
    if row is None:
        return None
    found = await seen.list_papers(tx, [row.id])
    return payment_view(row, await service.plans(tx), found.get(row.id, ()))


async def list_payments(tx: ReadTx, actor: Actor, page: int) -> PaymentPage:
    """Return one page of payments, the newest first. Raises PermissionDenied."""
    actor.require(Area.MONEY)
    total = await seen.count_payments(tx, actor.owner_id)
    page = max(1, min(page, -(-total // PAYMENTS_PAGE)))
    skip = (page - 1) * PAYMENTS_PAGE
    rows = await seen.list_payments(tx, actor.owner_id, skip=skip, limit=PAYMENTS_PAGE)
    found = await seen.list_papers(tx, [it.id for it in rows])
    offers = await service.plans(tx)
    views = tuple(payment_view(it, offers, found.get(it.id, ())) for it in rows)
    return PaymentPage(views, page, total)


async def list_cards(tx: ReadTx, actor: Actor) -> list[CardView]:
    """Return the saved cards, the one that renews the plan first. Raises PermissionDenied."""
    return [card_view(it) for it in await cards.list_cards(tx, actor)]


async def _card(tx: ReadTx, actor: Actor, row: Subscription) -> CardView | None:
    if row.card_id is None or actor.acts_for is not None:
        return None
    return next((it for it in await list_cards(tx, actor) if it.id == row.card_id), None)


def card_view(card: SavedCard) -> CardView:
    """Return a card with its last day; what the gateway wrote strangely has none."""
    month, _, year = card.expires.partition("/")
    last_day = None
    if month.isdecimal() and year.isdecimal() and len(year) == 2 and 1 <= int(month) <= 12:
        at = int(month), 2000 + int(year)
        last_day = date(at[1], at[0], monthrange(at[1], at[0])[1])
    return CardView(card.id, card.brand, card.last_four, last_day, card.is_default)


def plan_view(offer: PlanOffer) -> PlanView:
    """Return a plan as the pages show it."""
    features = frozenset(str(it) for it in offer.features)
    return PlanView(str(offer.plan), offer.title, offer.price, offer.bot_limit, features)


def payment_view(
    row: Payment, offers: dict[Plan, PlanOffer], issued: Sequence[Invoice]
) -> PaymentView:
    """Return a payment as the pages show it."""
    return PaymentView(
        id=row.id,
        invoice_id=row.invoice_id,
        plan_code=row.plan,
        plan=offers[Plan(row.plan)].title,
        purpose=row.purpose,
        method=row.method,
        status=row.status,
        amount=row.amount - row.from_balance,
        from_balance=row.from_balance,
        refunded=row.refunded,
        created_at=row.created_at,
        paid_at=row.paid_at,
        service_from=row.service_from,
        expires_at=row.expires_at,
        pay_url=row.pay_url or "",
        failure_code=row.failure_code or "",
        failure_words=row.failure_words or "",
        is_test=row.is_test,
        is_credited=row.is_credited,
        is_saved_card=row.card_id is not None,
        papers=tuple(paper_view(it) for it in issued),
    )


async def get_paper(tx: ReadTx, actor: Actor, paper_id: UUID) -> tuple[Invoice, Payment]:
    """Return a paper and its payment. Raises NotFound, PermissionDenied."""
    actor.require(Area.MONEY)
    row = await papers.get_own(tx, actor, paper_id)
    return row, await tx.get_one(Payment, row.payment_id)


def paper_view(row: Invoice) -> PaperView:
    """Return an invoice or an act as the pages name it."""
    return PaperView(row.id, row.kind, str(row.number), row.issued_at)
