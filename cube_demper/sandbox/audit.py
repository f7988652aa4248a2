"""Reads the log and tells what the product did: the proof of «sent twice 0, lost 0» (DESIGN §5.6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

_STILL_A_LOOK = (None, "slow", "own_missing")

Bounds = Mapping[tuple[str, str], tuple[int | None, int | None]]
"""(store, SKU) → lowest and highest allowed price, whole tenge."""


@dataclass(frozen=True, slots=True)
class SentTwice:
    """Two acceptances of the same prices with no look in between."""

    store: str
    sku: str
    city_prices: dict[str, int]
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class OutOfBounds:
    """An accepted price outside of the product's bounds."""

    store: str
    sku: str
    city_id: str
    price: int


@dataclass(slots=True)
class AuditReport:
    """Counts and findings; a good product leaves every list empty."""

    requests: int = 0
    looks: int = 0
    accepted: int = 0
    applied: int = 0
    ignored: dict[str, int] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    """Accepted, not settled yet: the log ended before their time."""
    sent_twice: list[SentTwice] = field(default_factory=list)
    out_of_bounds: list[OutOfBounds] = field(default_factory=list)
    bans: list[tuple[str, str]] = field(default_factory=list)
    """(kind, address or store) of each ban that requests earned."""


@dataclass(slots=True)
class _Reading:
    report: AuditReport
    bounds: Bounds
    last: dict[tuple[str, str, Any], Mapping[str, Any]] = field(default_factory=dict)
    looked: dict[tuple[str, str], int] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    accepted: dict[str, None] = field(default_factory=dict)


def audit(log: Iterable[Mapping[str, Any]], bounds: Bounds | None = None) -> AuditReport:
    """Read log entries, oldest first.

    «Sent twice» is the same SKU with the same whole city prices accepted twice without a look in between at a
    city whose price the first of them was to change (at any city it names, if it was to change none).
    """
    reading = _Reading(AuditReport(), bounds or {})
    for entry in log:
        if entry["kind"] == "request":
            _read_request(reading, entry)
        elif entry["kind"] == "accepted":
            _read_accepted(reading, entry)
        elif entry["kind"] == "settled":
            _read_settled(reading, entry)
        elif entry["kind"] == "ban":
            reading.report.bans.append((entry["of"], entry["key"]))
    reading.report.waiting = [op for op in reading.accepted if op not in reading.settled]
    return reading.report


def _read_request(reading: _Reading, entry: Mapping[str, Any]) -> None:
    reading.report.requests += 1
    is_answered = entry["status"] == HTTPStatus.OK and entry.get("fault") in _STILL_A_LOOK
    if entry["route"] == "offers" and is_answered:
        reading.report.looks += 1
        reading.looked[entry["card"], entry["city"]] = entry["n"]


def _read_accepted(reading: _Reading, entry: Mapping[str, Any]) -> None:
    reading.report.accepted += 1
    reading.accepted[entry["id"]] = None
    _check_bounds(reading, entry)
    prices = frozenset(entry["city_prices"].items()) or entry["price"]
    key = (entry["store"], entry["sku"], prices)
    first = reading.last.get(key)
    reading.last[key] = entry
    if first is None or first.get("availabilities") != entry.get("availabilities"):
        return  # another stock at the same prices is another change
    cities = first["changed_cities"] or list(first["city_prices"])
    seen = (reading.looked.get((entry["card"], city), 0) for city in cities)
    if not any(number > first["n"] for number in seen):
        reading.report.sent_twice.append(
            SentTwice(
                entry["store"], entry["sku"], dict(entry["city_prices"]), first["id"], entry["id"]
            )
        )


def _check_bounds(reading: _Reading, entry: Mapping[str, Any]) -> None:
    low, high = reading.bounds.get((entry["store"], entry["sku"]), (None, None))
    named = dict(entry["city_prices"]) or {"*": entry["price"]}
    for city_id, price in named.items():
        is_low = low is not None and price is not None and price < low
        is_high = high is not None and price is not None and price > high
        if is_low or is_high:
            found = OutOfBounds(entry["store"], entry["sku"], city_id, price)
            reading.report.out_of_bounds.append(found)


def _read_settled(reading: _Reading, entry: Mapping[str, Any]) -> None:
    reading.settled.add(entry["id"])
    if entry["result"] == "applied":
        reading.report.applied += 1
    else:
        ignored = reading.report.ignored
        ignored[entry["result"]] = ignored.get(entry["result"], 0) + 1
