"""Who may ask billing for what only the product, or its operator, does."""

from __future__ import annotations

from cube_demper.core.errors import PermissionDenied
from cube_demper.domain.accounts.schemas import Actor, Role


def operator_only(actor: Actor) -> None:
    """Pass the product itself and an admin. Raises PermissionDenied."""
    if actor.role not in (Role.SYSTEM, Role.ADMIN):
        raise PermissionDenied


def system_only(actor: Actor) -> None:
    """Pass the product itself. Raises PermissionDenied."""
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
