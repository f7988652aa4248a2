"""Errors of doing things with orders."""

from __future__ import annotations

from cube_demper.core.errors import Refused
from cube_demper.models.doing import ActionRefusal


class Declined(Refused):
    """Kaspi отказал."""

    code = "declined"

    def __init__(self, reason: ActionRefusal, said: str = "") -> None:
        """`said`: Kaspi's own words, shown where we have none for `reason`."""
        super().__init__()
        self.reason, self.said = reason, said
