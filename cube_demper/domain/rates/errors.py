"""What can go wrong with a dated figure."""

from __future__ import annotations

from collections.abc import Sequence

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

    def __init__(self, message: str | None = None, *, is_before: bool = False) -> None:
        """`is_before`: the day is earlier than the first that the table knows."""
        super().__init__(message)
        self.is_before = is_before
