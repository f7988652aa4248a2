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
