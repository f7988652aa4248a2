"""What the dialog of a plan shows, read in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from cube_demper import bootstrap
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.billing import goods, payments, rules, viewing
from cube_demper.domain.billing import service as billing
from cube_demper.domain.billing.schemas import Quote
from cube_demper.domain.billing.view_schemas import PlanView, Standing
from cube_demper.models.billing import Plan
from cube_demper.seller.pages.billing.choosing_rows import (
    LISTED,
    Offer,
    WayRow,
    offer_later,
    offer_now,
    ways_of,
)
from cube_demper.seller.pages.billing.goods_rows import GoodsRow, goods_row
from cube_demper.seller.pages.billing.means import means_of
from cube_demper.seller.pages.billing.requisites_rows import RequisitesRow, read_requisites
from cube_demper.ui import session


@dataclass(frozen=True, slots=True)
class Choice:
    """The dialog, and the quote that it shows: what is paid must be what was seen."""

    offer: Offer
    quote: Quote | None = None
    ways: list[WayRow] = field(default_factory=list)
    losing: list[GoodsRow] = field(default_factory=list)
    requisites: RequisitesRow = field(default_factory=RequisitesRow)


async def read_choice(plan: Plan, *, use_balance: bool) -> Choice:
    """Read. Raises InvalidInput, in words, where this plan cannot be bought now."""
    services, actor = bootstrap.web(), session.current_actor()
    now = services.clock.now()
    async with services.db.read() as tx:
        view = viewing.plan_view((await billing.plans(tx))[plan])
        standing = await viewing.standing(tx, actor, now)
        usage = await viewing.usage(tx, actor, now)
        losing = await _losing(tx, actor, view, now)
        if _is_later(view, standing, now):
            return Choice(offer_later(view, standing, usage, now), losing=losing)
        quote = await payments.quote(tx, actor, plan, now, use_balance=use_balance)
        return Choice(
            offer_now(view, quote, await viewing.balance(tx, actor), usage, now),
            quote,
            ways_of(await means_of(tx, actor, services.settings)),
            losing,
            await read_requisites(tx, actor),
        )


def _is_later(plan: PlanView, standing: Standing, now: datetime) -> bool:
    """Tell whether a plan follows what is paid for, and nothing is paid for it now."""
    if standing.is_trial or standing.grace_until is not None or standing.landed_at is not None:
        return False
    is_chosen = standing.next_plan is not None and standing.next_plan.code == plan.code
    if is_chosen and standing.ends_at is not None and standing.ends_at - now <= rules.RENEW_EARLY:
        return False  # its days may be paid for already
    held = standing.paid_plan or standing.plan
    return standing.ends_at is not None and plan.price < held.price


async def _losing(tx: ReadTx, actor: Actor, plan: PlanView, now: datetime) -> list[GoodsRow]:
    rows = await goods.first_losing_bot(tx, actor, plan.bot_limit, LISTED)
    return [goods_row(it, now) for it in rows]
