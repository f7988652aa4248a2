"""What the page of connecting reads: the sign-in, and the store that it is about."""

from __future__ import annotations

from dataclasses import dataclass

from cube_demper import bootstrap
from cube_demper.domain.operations.service import ALIVE_WITHIN
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores import signing_in
from cube_demper.domain.stores.card_schemas import StoreCard
from cube_demper.domain.stores.refreshing import is_worker_alive
from cube_demper.domain.stores.signing_in_schemas import SignInStep
from cube_demper.models.stores import LoginStep
from cube_demper.ui import session
from cube_demper.ui.support import support_mail


@dataclass(frozen=True)
class Picture:
    """`again`: the store that the address wants signed in again. `made`: what was connected.

    `support`: the mailbox for what the page itself cannot mend. `is_served`: a worker signs people in.
    """

    step: SignInStep | None
    again: StoreCard | None
    made: StoreCard | None
    support: str = ""
    is_served: bool = True


async def read_picture(asked: str, *, left: str = "") -> Picture:
    """Read where the connecting stands; `left`: the finished sign-in that is not to be shown."""
    services, actor = bootstrap.web(), session.current_actor()
    now = services.clock.now()
    async with services.db.read() as tx:
        step = await signing_in.current(tx, actor, now)
        cards = {str(card.bot.id): card for card in await stores.store_cards(tx, actor)}
        is_served = await is_worker_alive(tx, now, within=ALIVE_WITHIN * services.clock.speed)
    again = cards.get(asked)
    if step is None or (step.is_over and str(step.id) == left):
        return Picture(None, again, None, is_served=is_served)
    made = cards.get(str(step.store_id)) if step.step is LoginStep.DONE else None
    is_past = step.step is LoginStep.DONE and (
        made is None or made.bot.needs_reauth or (again is not None and again is not made)
    )
    if is_past:
        return Picture(None, again, None, is_served=is_served)
    return Picture(step, again, made, support_mail(), is_served)
