"""Everything that the page shows of the plan, read in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reflex.istate.data import ReflexURL

from cube_demper import bootstrap
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.billing import viewing
from cube_demper.domain.billing.view_schemas import PaymentView, PlanView, Standing, Usage
from cube_demper.domain.messaging import queue
from cube_demper.models.staff import Area
from cube_demper.ui import session

TABS = ("plan", "payments", "cards", "requisites")


@dataclass(frozen=True, slots=True)
class Picture:
    """The seller's plan at one moment."""

    now: datetime
    standing: Standing
    usage: Usage
    plans: list[PlanView]
    payment: PaymentView | None
    messages: int = 0
    """Sent over WhatsApp today."""
    is_owner: bool = True
    sees_money: bool = True


async def read_picture() -> Picture:
    """Read."""
    services, actor = bootstrap.web(), session.current_actor()
    now = services.clock.now()
    async with services.db.read() as tx:
        return Picture(
            now=now,
            standing=await viewing.standing(tx, actor, now),
            usage=await viewing.usage(tx, actor, now),
            plans=await viewing.list_plans(tx),
            payment=await viewing.last_payment(tx, actor),
            messages=await _sent_today(tx, actor, now),
            is_owner=is_owners(actor),
            sees_money=actor.may(Area.MONEY),
        )


async def _sent_today(tx: ReadTx, actor: Actor, now: datetime) -> int:
    seen = await queue.overview(tx, actor, now, secrets=bootstrap.web().secrets)
    return sum(it.budget.sent for it in seen.numbers)


def is_owners(actor: Actor) -> bool:
    """Tell whether the cabinet is the actor's own: cards and requisites are shown to nobody else."""
    return actor.acts_for is None


def tab_of(asked: str) -> str:
    """Return the tab that the address asks for; nonsense means the first."""
    return asked if asked in TABS else TABS[0]


def is_asked(url: ReflexURL, tab: str) -> bool:
    """Tell whether the address asks for this tab: the others are not read."""
    return tab_of(url.query_parameters.get("tab", "")) == tab
