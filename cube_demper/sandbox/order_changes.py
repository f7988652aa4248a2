"""Moving orders: `POST /orders`, taking pieces out, packing in the cabinet (KASPI.md §2.5, §4.3)."""

from __future__ import annotations

import base64
from typing import Any, Final

from cube_demper.sandbox.order_deeds import RETURN_ASKED, Deed, can_hand_over
from cube_demper.sandbox.order_shapes import Shown

REASONS: Final = frozenset(
    {"BUYER_CANCELLATION_BY_MERCHANT", "BUYER_NOT_REACHABLE", "MERCHANT_OUT_OF_STOCK"}
)
_ENTRY_REASONS: Final = REASONS | {"PRODUCT_UNDERWEIGHT"}
_NEW, _ACCEPTED = "APPROVED_BY_BANK", "ACCEPTED_BY_MERCHANT"
_WRONG_STATUS: Final = "Order status can't be changed"


def change(
    shown: Shown, deed: Deed, attributes: dict[str, Any], code: str | None, *, sends_code: bool
) -> str | None:
    """Move an order as `POST /orders` asks; return why not, None when it is done."""
    now, status = shown.now, shown.status
    match attributes.get("status"):
        case "ACCEPTED_BY_MERCHANT" if status == _NEW:
            deed.accepted = now
        case "ASSEMBLE" if status == _ACCEPTED and shown.state == "KASPI_DELIVERY":
            return _pack(shown, deed, str(attributes.get("numberOfSpace", "")))
        case "COMPLETED":
            return _complete(shown, deed, code, sends_code=sends_code)
        case "CANCELLED" if status in (_NEW, _ACCEPTED) and not shown.stage.is_handed:
            if attributes.get("cancellationReason") not in REASONS:
                return "Cancellation reason is required"
            deed.cancelled, deed.reason = now, attributes["cancellationReason"]
        case "ARRIVED" if status == _ACCEPTED and shown.life.is_pre_order and not deed.came:
            deed.came = now
        case "ARRIVED_BACKWARD" if status in ("CANCELLING", RETURN_ASKED):
            deed.taken_back = now
        case _:
            return _refusal_of(shown)
    return None


def reduce(shown: Shown, deed: Deed, entry_id: str, attributes: dict[str, Any]) -> str | None:
    """Take pieces out of an entry; return why not."""
    remained, reason = attributes.get("remainedQuantity"), attributes.get("reason")
    place = entry_id.partition("##")[2]
    if shown.status != _ACCEPTED or shown.stage.is_assembled:
        return _refusal_of(shown)
    if not place.isdigit() or int(place) >= len(shown.life.lines):
        return "Order entry is not found"
    before = shown.life.lines[int(place)].quantity
    if reason not in _ENTRY_REASONS or not isinstance(remained, int) or not 0 <= remained < before:
        return "Remained quantity is not valid"
    deed.removed[place] = remained
    return None


def pack(shown: Shown, deed: Deed, spaces: object) -> str | None:
    """Pack an order as the cabinet's own call does; return why not."""
    if shown.status != _ACCEPTED or shown.state != "KASPI_DELIVERY":
        return _refusal_of(shown)
    return _pack(shown, deed, str(spaces))


def plain(key: str) -> str:
    """Return the natural key that an id of the API is base64 of; "" for nonsense."""
    try:
        return base64.b64decode(key + "=" * (-len(key) % 4)).decode()
    except ValueError:
        return ""


def _pack(shown: Shown, deed: Deed, spaces: str) -> str | None:
    if shown.stage.is_assembled:
        return _WRONG_STATUS
    if not spaces.isdigit() or not 1 <= int(spaces) <= 99:
        return "Number of space is not valid"
    deed.assembled, deed.spaces = shown.now, int(spaces)
    return None


def _complete(shown: Shown, deed: Deed, code: str | None, *, sends_code: bool) -> str | None:
    if shown.status != _ACCEPTED or not can_hand_over(shown.life):
        return _refusal_of(shown)
    if sends_code:
        deed.send_code(shown.now)
        return None
    if refusal := deed.refusal_of(code or "", shown.now):
        return refusal
    deed.completed = shown.now
    return None


def _refusal_of(shown: Shown) -> str:
    return {
        "CANCELLED": "Order is cancelled, so it can't be completed.",
        "COMPLETED": "Order already has been completed, so it can't be completed again.",
    }.get(shown.status, _WRONG_STATUS)
