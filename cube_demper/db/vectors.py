"""Columns of vectors: pgvector's type, or plain numbers where the extension is not installed.

Vectors go in as `real[]`, which pgvector takes for its own type, and are compared by SQL alone: no adapter
is needed, and a database without pgvector runs the same statements over every row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType
from sqlmodel import Field


class Vector(UserDefinedType[Sequence[float]]):
    """`vector(size)`."""

    cache_ok = True

    def __init__(self, size: int | str | None = None) -> None:
        """`size`: how many numbers; the database's own description gives it as text."""
        self.size = int(size) if size is not None else None

    def get_col_spec(self, **_options: Any) -> str:
        """Return the type as SQL writes it."""
        return f"vector({self.size})"


ischema_names["vector"] = Vector


def vector(size: int) -> Any:
    """Declare a nullable vector that no ORM query loads."""
    return Field(default=None, sa_column=Column(Vector(size), nullable=True))
