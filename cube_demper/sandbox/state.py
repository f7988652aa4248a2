"""What a restart must not forget: cards, waiting changes, sessions, bans and mail, in a SQLite file.

Changes accepted after the last save are found again in the journal, so a killed sandbox loses none.
"""

from __future__ import annotations

import sqlite3
from dataclasses import fields
from pathlib import Path
from typing import Any

import orjson

from cube_demper.sandbox.world import Card, Listing, RivalListing, World

_SCHEMA = "CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value BLOB NOT NULL)"
_RIVAL_KEEPS = ("prices", "is_present", "is_frozen", "wakes_at", "wakes", "beaten")
_STORE_KEEPS = ("prices", "stocks", "by_city", "removed_at", "updated_at", "updates")


class StateFile:
    """Key → JSON, written together or not at all."""

    def __init__(self, path: Path, fingerprint: str) -> None:
        """Open the file; what belongs to another world is thrown away."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        # Killing the process loses nothing so; a power cut may lose a second.
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute(_SCHEMA)
        self.is_fresh = self.get("fingerprint") != fingerprint
        if self.is_fresh:
            self._db.execute("DELETE FROM state")
            self.put({"fingerprint": fingerprint})

    def get(self, key: str) -> Any:
        """Return a value, None when there is none."""
        row = self._db.execute("SELECT value FROM state WHERE key = ?", (key,)).fetchone()
        return orjson.loads(row[0]) if row else None

    def cards(self) -> dict[str, Any]:
        """Return the saved cards by id."""
        found = self._db.execute("SELECT key, value FROM state WHERE key LIKE 'card:%'")
        return {key.removeprefix("card:"): orjson.loads(value) for key, value in found}

    def put(self, values: dict[str, Any]) -> None:
        """Save values in one transaction."""
        rows = [(key, orjson.dumps(value)) for key, value in values.items()]
        self._db.execute("BEGIN")
        self._db.executemany("INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)", rows)
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def dump_card(card: Card) -> list[dict[str, Any]]:
    """Return what may change about a card's offers."""
    return [{name: getattr(offer, name) for name in _keeps(offer)} for offer in card.listings]


def load_cards(world: World, saved: dict[str, Any]) -> None:
    """Put saved offers back on the cards of the same world."""
    for card_id, offers in saved.items():
        for listing, values in zip(world.cards[card_id].listings, offers, strict=True):
            for name in _keeps(listing):
                setattr(listing, name, values[name])


def from_fields(kind: type, values: dict[str, Any]) -> Any:
    """Build a dataclass out of a log entry or a saved value that may hold more than its fields."""
    return kind(**{f.name: values[f.name] for f in fields(kind) if f.name in values})


def _keeps(listing: Listing) -> tuple[str, ...]:
    return _RIVAL_KEEPS if isinstance(listing, RivalListing) else _STORE_KEEPS
