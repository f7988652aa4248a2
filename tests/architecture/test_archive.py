"""Whatever a seller owns is in their archive, or is left out by name and for a reason."""

from __future__ import annotations

import re

from sqlmodel import SQLModel

from cube_demper.domain.exports.desk_tables import LEFT_OUT
from cube_demper.domain.exports.tables import FILES, PROFILE, SEALED
from cube_demper.models import registry  # noqa: F401 - registers every table

OWNERS = {"user_id", "owner_id", "store_id"}


def sellers_tables() -> set[str]:
    """Return the tables whose rows lead to a seller, by foreign keys or by the owner's column."""
    tables = SQLModel.metadata.tables
    found = {name for name, it in tables.items() if name == "users" or OWNERS & set(it.c.keys())}
    before: set[str] = set()
    while found != before:
        before = set(found)
        found |= {
            name
            for name, it in tables.items()
            if any(key.column.table.name in found for key in it.foreign_keys)
        }
    return found


def archived() -> set[str]:
    return set(re.findall(r"\bFROM (\w+)", " ".join([*FILES.values(), PROFILE])))


def test_every_table_of_a_seller_is_archived_or_left_out_by_name() -> None:
    assert {"products", "orders", "whatsapp_messages", "payout_lines"} <= archived()
    forgotten = sellers_tables() - archived() - set(LEFT_OUT)
    assert not forgotten, f"add them to domain/exports, in a file or in LEFT_OUT: {forgotten}"


def test_nothing_is_left_out_that_is_archived_or_gone() -> None:
    assert set(LEFT_OUT) <= sellers_tables() - archived()
    assert all(LEFT_OUT.values())


def test_no_secret_column_is_named() -> None:
    text = " ".join([*FILES.values(), PROFILE])
    secrets = r"guid|password|cookies|token|hmac|_hash|\bqr\b|a\.code\b"
    assert re.findall(secrets, text) == []
    assert all(f" AS {name}" in text for name in SEALED)
