"""What can go wrong with a dated figure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cube_demper.core.errors import DomainError


class NoRate(DomainError):
    """В таблицах нет такой ставки."""

    code = "no_rate"

    def __init__(self, message: str | None = None, *, options: Sequence[str] = ()) -> None:
        """`options`: what may have been meant, nearest first."""
        super().__init__(message)
        self.options = tuple(options)


class OutsideTables(NoRate):
    """На этот день ставок в таблицах нет."""

    code = "outside_tables"

    def __init__(
        self, message: str | None = None, *, is_before: bool = False, last: date | None = None
    ) -> None:
        """`is_before`: the day is earlier than the table's first; `last`: its last one, for a later day."""
        super().__init__(message)
        self.is_before = is_before
        self.last = last
