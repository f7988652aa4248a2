"""Faults on demand: which requests go wrong, how, and how many of them or for how long."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """What goes wrong."""

    STATUS = "status"
    """An error status (`status`), with `Retry-After` when `retry_after` is set."""
    HANG = "hang"
    """No answer until the client gives up."""
    RESET = "reset"
    """The connection is reset before the request is served."""
    HANG_AFTER = "hang_after"
    """The request is served, the answer never comes."""
    RESET_AFTER = "reset_after"
    """The request is served, then the connection is reset."""
    STATUS_AFTER = "status_after"
    """The request is served, the answer is an error status."""
    HTML = "html"
    """A page with status 200 instead of JSON."""
    TRUNCATED = "truncated"
    """Half of the JSON."""
    NULLS = "nulls"
    """Null in place of the values (of `fields`, else of all)."""
    EMPTY = "empty"
    """An empty list."""
    SLOW = "slow"
    """The answer comes `delay` seconds late."""
    OWN_MISSING = "own_missing"
    """Offers without the row of `store`."""
    IGNORED = "ignored"
    """A price change is answered with 200 and an id, and never applied."""
    MARKUP = "markup"
    """The sign-in page with other names of its fields."""
    FLOOD = "sign_in_flood"
    """A sign-in step refused for `retry_after` seconds."""


#: Groups of routes that a fault may name instead of one route.
GROUPS: dict[str, frozenset[str]] = {
    "shop": frozenset({"offers"}),
    "pricefeed": frozenset({"process", "batch", "protocol"}),
    "cabinet": frozenset(
        {"me", "list", "details", "details_many", "count", "points", "lowest", "graphql"}
    ),
    "orders": frozenset({"orders_list", "order_entries"}),
    "waha": frozenset(
        {
            "waha_sessions",
            "waha_session",
            "waha_create",
            "waha_start",
            "waha_qr",
            "waha_send",
            "waha_check",
        }
    ),
    "tiptoppay": frozenset(
        {"tip_test", "tip_create", "tip_charge", "tip_refund", "tip_find", "tip_list"}
    ),
    "gemini": frozenset({"gemini_generate", "gemini_stream", "gemini_embed", "gemini_count"}),
    "order_actions": frozenset({"order_change", "order_reduce", "order_pack"}),
    "waybills": frozenset({"waybill", "waybill_zip"}),
    "sign_in": frozenset({"login", "login_page", "login_authorize", "login_begin", "login_end"}),
}


@dataclass(slots=True)
class Fault:
    """One fault. `count` requests or until `until` (sandbox seconds), whichever ends first."""

    kind: FaultKind
    route: str = "*"
    store: str | None = None
    ip: str | None = None
    card: str | None = None
    count: int | None = None
    until: float | None = None
    status: int = 500
    retry_after: int | None = None
    delay: float = 5.0
    fields: tuple[str, ...] = ()
    hits: int = 0

    def concerns(self, route: str, store: str | None, ip: str, card: str | None) -> bool:
        """Tell whether a request is one that this fault spoils."""
        is_route = self.route in ("*", route) or route in GROUPS.get(self.route, ())
        is_store = self.store in (None, store) or self.kind is FaultKind.OWN_MISSING
        return is_route and is_store and self.ip in (None, ip) and self.card in (None, card)

    def is_over(self, now: float) -> bool:
        """Tell whether it has run out."""
        is_used = self.count is not None and self.hits >= self.count
        return is_used or (self.until is not None and now >= self.until)


class Faults:
    """The faults in force, oldest first; the first that concerns a request spoils it."""

    def __init__(self) -> None:
        """Start with everything in order."""
        self.faults: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Put a fault in force."""
        self.faults.append(fault)
        return fault

    def clear(self) -> None:
        """Put everything in order."""
        self.faults.clear()

    def end(self, fault: Fault) -> None:
        """Put one thing in order, if it is not already."""
        if fault in self.faults:
            self.faults.remove(fault)

    def take(
        self, route: str, store: str | None, ip: str, card: str | None, now: float
    ) -> Fault | None:
        """Return the fault that spoils this request and count it."""
        self.faults = [fault for fault in self.faults if not fault.is_over(now)]
        for fault in self.faults:
            if fault.concerns(route, store, ip, card):
                fault.hits += 1
                return fault
        return None
