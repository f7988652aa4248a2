"""`decide`: the price of one product in one city, from one look. Pure; DESIGN §5 is its text.

Readings chosen where the text leaves room:
- The order is that of `decide`, the first rule that answers wins. Contradicting bounds come first
  («before any other rule»), then «no data», so that a product not on sale sends nothing even under
  its floor; then the two moves into the bounds, which no guard stops; then what the seller took
  back; then the rest after a war.
- «The same price is not sent twice» holds for every move: never a send of what the window shows,
  nor of what an unconfirmed send already asked for.
- A list that was not read whole proves nobody's absence: it makes us neither «alone» nor «fewer
  than N», and our place is unknown while our own offer was not in it.
- During a rest the price only goes up to the rest price, never down to it.
- A rival at our own price is not cheaper (the place stays), yet `standard` still goes a step below.
- A step below one tenge, which forms refuse, counts as one tenge, and N below one as one.
"""

from __future__ import annotations

from datetime import datetime

from cube_demper.core.money import TIYN_IN_TENGE, floor_to_tenge
from cube_demper.domain.economics.profit_floors import Gap, ProfitFloor
from cube_demper.domain.market.schemas import Market, Offer
from cube_demper.domain.pricing.bounds import Bounds, bounds_of
from cube_demper.domain.pricing.case import Case
from cube_demper.domain.pricing.guards import (
    SECOND_LOOK_AFTER,
    fall_reference,
    is_allowed_fall,
)
from cube_demper.domain.pricing.memory import (
    forget,
    forget_send,
    is_news,
    remember,
    remember_sent,
)
from cube_demper.domain.pricing.rivals import view_of
from cube_demper.domain.pricing.schemas import (
    Decision,
    Memory,
    ProductTerms,
    Reason,
    StoreTerms,
    Strategy,
)

__all__ = ["decide", "forget", "forget_send", "is_news", "remember", "remember_sent"]


def decide(  # noqa: PLR0917 - the shape that DESIGN §5 gives it
    market: Market,
    product: ProductTerms,
    settings: StoreTerms,
    memory: Memory,
    floor: ProfitFloor,
    now: datetime,
) -> Decision:
    """Decide what the price should be.

    Args:
        market: the offers that one look saw.
        product: the product's terms in this city.
        settings: the store's terms.
        memory: what earlier looks and sends left behind.
        floor: the price that leaves `min_profit`, from economics; None when it asks for nothing,
            a `Gap` when it cannot be worked out: the price then only rises.
        now: the instant of deciding.

    """
    view = view_of(market, product, settings)
    own = view.own
    window = own.price if own is not None else _cabinet_price(market, product)
    known = None if window is None and isinstance(floor, Gap) else floor
    case = Case(
        market=market,
        product=product,
        settings=settings,
        memory=memory,
        now=now,
        view=view,
        bounds=bounds_of(product, settings, known, standing=window),
        profit_floor=floor,
        window=window,
        step=max(product.step, TIYN_IN_TENGE),
    )
    bounds = case.bounds
    if bounds is None:
        return case.hold(Reason.BOUNDS_MISSING)
    if bounds.floor > bounds.cap:
        return case.hold(Reason.FLOOR_OVER_CAP)
    if window is None:
        is_absent = market.is_complete or not market.offers
        return case.hold(Reason.NOT_ON_SALE if is_absent else Reason.PRICE_UNKNOWN)
    return (
        _come_inside(case, window, bounds)
        or _keep_returned(case, window, bounds)
        or _rest_after_war(case, window, bounds)
        or _follow_strategy(case, window, bounds)
    )


def _cabinet_price(market: Market, product: ProductTerms) -> int | None:
    """Return the price that stands in for an own offer that was not read, if it may."""
    price = product.cabinet_price
    is_stand_in = market.offers and not market.is_complete and price is not None and price > 0
    return price if is_stand_in else None


def _come_inside(case: Case, window: int, bounds: Bounds) -> Decision | None:
    """Bring a price that is out of the bounds back in; no guard applies."""
    if window < bounds.floor:
        return case.send(Reason.RAISED_TO_FLOOR, bounds.floor)
    if window > bounds.cap:
        return case.send(Reason.LOWERED_TO_CAP, bounds.cap)
    return None


def _keep_returned(case: Case, window: int, bounds: Bounds) -> Decision | None:
    """Keep the price that the seller went back to, for as long as they were told; no guard applies."""
    returned = case.memory.returned
    if returned is None or (returned.until <= case.now and not returned.waits):
        return None
    price = min(max(floor_to_tenge(returned.price), bounds.floor), bounds.cap)
    if window == price:
        return case.hold(Reason.RETURN_REST, wait_until=returned.until)
    return case.send(Reason.RETURNED_BY_SELLER, price, wait_until=returned.until)


def _rest_after_war(case: Case, window: int, bounds: Bounds) -> Decision | None:
    """Go back up to where the war's last fall began, and stay there."""
    rest = case.memory.rest
    if rest is None or rest.until <= case.now:
        return None
    price = min(max(floor_to_tenge(rest.price), bounds.floor), bounds.cap)
    rival = case.view.rival_by_id(rest.rival_id)
    if window < price:
        return case.send(Reason.PRICE_WAR, price, rival=rival, wait_until=rest.until)
    return case.hold(Reason.WAR_REST, rival=rival, wait_until=rest.until)


def _follow_strategy(case: Case, window: int, bounds: Bounds) -> Decision:
    strategy = case.product.strategy
    wanted_place = case.top_n if strategy is Strategy.STAY_TOP_N else 1
    if len(case.view.rivals) < wanted_place:
        return _without_rival(case, window, bounds)
    rival = case.view.rivals[wanted_place - 1]
    target = floor_to_tenge(rival.price - case.step)
    if target < bounds.floor:
        if strategy is not Strategy.ALWAYS_FIRST:
            return case.hold(Reason.BELOW_FLOOR_HOLD, rival=rival)
        if window == bounds.floor:
            return case.hold(Reason.AT_FLOOR, rival=rival)
        return _guarded(case, window, Reason.BELOW_FLOOR_TO_FLOOR, bounds.floor, rival)
    if target > bounds.cap:
        reason, target = Reason.RAISED_TO_CAP, bounds.cap
    else:
        reason = Reason.UNDERCUT if target < window else Reason.RAISED_BEHIND_RIVAL
    return _guarded(case, window, reason, target, rival)


def _guarded(case: Case, window: int, reason: Reason, target: int, rival: Offer) -> Decision:
    """Answer a rival's price, unless it is ours already or the fall is too big to be believed."""
    if target == window:
        return case.hold(Reason.PRICE_IS_RIGHT, rival=rival)
    if not is_allowed_fall(target, case.memory, case.now):
        limit = case.settings.max_fall_percent
        reference = fall_reference(target, window, case.memory, limit, case.now)
        if reference is not None:
            return case.hold(
                Reason.SUSPICIOUS_FALL, target=target, rival=rival, reference=reference
            )
    return case.send(reason, target, rival=rival)


def _without_rival(case: Case, window: int, bounds: Bounds) -> Decision:
    """Go to `max_price`, if set, once two looks 60 s apart agree that the rivals asked for are not there."""
    if not case.market.is_complete:
        return case.hold(Reason.RIVALS_UNREAD)
    is_alone = not case.view.rivals
    if bounds.max_price is None or window == bounds.cap:
        return case.hold(Reason.ALONE_HOLD if is_alone else Reason.FEWER_THAN_N_HOLD)
    seen = case.market.seen_at
    second_look_at = (case.memory.to_max_since or seen) + SECOND_LOOK_AFTER
    if seen < second_look_at:
        return case.hold(
            Reason.WAITING_SECOND_LOOK, target=bounds.cap, wait_until=second_look_at, wants_max=True
        )
    reason = Reason.ALONE_TO_MAX if is_alone else Reason.FEWER_THAN_N_TO_MAX
    return case.send(reason, bounds.cap, wants_max=True)
