"""Actions on orders in Kaspi's own words, and its refusals in ours. Pure (KASPI.md §2.5, §4.3)."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any, Final

from cube_demper.domain.orders.doing.schemas import Errand
from cube_demper.domain.orders.errors import Declined
from cube_demper.integrations.kaspi import readers
from cube_demper.models.doing import ActionKind, ActionRefusal

_STATUSES: Final = {
    ActionKind.ACCEPT: "ACCEPTED_BY_MERCHANT",
    ActionKind.ASSEMBLE: "ASSEMBLE",
    ActionKind.SEND_CODE: "COMPLETED",
    ActionKind.COMPLETE: "COMPLETED",
    ActionKind.CANCEL: "CANCELLED",
    ActionKind.ARRIVE: "ARRIVED",
    ActionKind.TAKE_BACK: "ARRIVED_BACKWARD",
}
_SHOWN_REFUSALS: Final = (
    (("security code",), ActionRefusal.WRONG_CODE),
    (("is cancelled",), ActionRefusal.CANCELLED),
    (("already has been completed",), ActionRefusal.COMPLETED),
    (("not may complete",), ActionRefusal.UNSIGNED),
)
"""Words of a title, all of them, and what they mean. Confidence HIGH: the guide shows these titles."""
_GUESSED_REFUSALS: Final = (
    (("too many",), ActionRefusal.CODE_SPENT),
    (("security code", "expired"), ActionRefusal.CODE_SPENT),
    (("status",), ActionRefusal.MOVED_ON),
)
"""Confidence LOW: the guide shows no refusal of an old or mistyped code nor of an order that has moved on;
a title that fits none is shown as Kaspi said it."""
_OLD_CODE, _MOVED = _GUESSED_REFUSALS[:2], _GUESSED_REFUSALS[2:]
_REFUSALS: Final = (*_OLD_CODE, *_SHOWN_REFUSALS, *_MOVED)
"""The first line that fits: an old code is a security code too, and «status» stands in many titles."""


def change_body(errand: Errand) -> dict[str, Any]:
    """Return the body of `POST /orders`."""
    asked = errand.asked
    attributes: dict[str, Any] = {"code": errand.code, "status": _STATUSES[asked.kind]}
    if asked.kind is ActionKind.ASSEMBLE:
        attributes["numberOfSpace"] = str(asked.spaces or 1)
    if asked.kind is ActionKind.CANCEL:
        attributes["cancellationReason"] = asked.reason
        if asked.comment:
            attributes["cancellationComment"] = asked.comment
    return {"data": {"type": "orders", "id": _id(errand), "attributes": attributes}}


def change_headers(errand: Errand) -> dict[str, str]:
    """Return what says in headers whether a code is to be sent to the buyer, or which one was given."""
    if errand.asked.kind is ActionKind.SEND_CODE:
        return {"X-Security-Code": "", "X-Send-Code": "true"}
    if errand.asked.kind is ActionKind.COMPLETE:
        return {"X-Security-Code": errand.asked.code}
    return {}


def reduce_body(errand: Errand) -> dict[str, Any]:
    """Return the body of `POST /orderEntryCancelOperation`."""
    asked = errand.asked
    remained = asked.remained or 0
    attributes = {
        "notes": asked.comment,
        "remainedQuantity": int(remained) if remained == int(remained) else float(remained),
        "reason": asked.reason,
    }
    entry = {"data": {"type": "orderentries", "id": errand.entry_id}}
    return {
        "data": {
            "type": "orderEntryCancelOperation",
            "attributes": attributes,
            "relationships": {"entry": entry},
        }
    }


def cargo_body(errand: Errand) -> dict[str, Any]:
    """Return the body of the cabinet's own packing call (KASPI.md §2.5, seen live: confidence HIGH).

    What `quantity` counts is a guess of LOW confidence: the one body that was seen has 9 beside one
    place, which only pieces explain. The call was seen to answer 200 and nothing about it.
    """
    cargo = {
        "orderCode": errand.code,
        "newCargoSpace": errand.asked.spaces or 1,
        "quantity": errand.pieces,
    }
    return {"cargos": [cargo]}


def _id(errand: Errand) -> str:
    """Return the order's id: base64 of its number where only the cabinet told of it (KASPI.md §4.1)."""
    return errand.kaspi_id or base64.b64encode(errand.code.encode()).decode().rstrip("=")


def refusal_in(answer: object) -> Declined | None:
    """Find the refusal that an answer with status 200 may hide."""
    rows = readers.rows(readers.mapping(answer).get("errors"))
    return declined(str(row.get("title") or "") for row in rows) if rows else None


def is_going_on(answer: object) -> bool:
    """Tell whether Kaspi only began to take pieces out (`INPROGRESS`, KASPI.md §4.3)."""
    data = readers.mapping(readers.mapping(answer).get("data"))
    return readers.mapping(data.get("attributes")).get("status") == "INPROGRESS"


def declined(titles: Iterable[str]) -> Declined:
    """Return what Kaspi's refusal means."""
    said = "; ".join(titles)
    text = said.lower()
    for words, reason in _REFUSALS:
        if all(word in text for word in words):
            return Declined(reason, said)
    return Declined(ActionRefusal.OTHER, said)
