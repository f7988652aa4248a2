"""Pure decisions about accounts: lifetimes, who may enter which app, what a password must be."""

from __future__ import annotations

from datetime import timedelta

from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts.schemas import Role

LOGIN_CODE_LIFE = timedelta(seconds=30)
EMAIL_TOKEN_LIFE = timedelta(days=3)
RESET_TOKEN_LIFE = timedelta(minutes=30)
SESSION_LIFE = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=5)
"""How often `last_seen_at` is written; reading the session happens on every event."""

APP_ROLES: dict[CubeApp, frozenset[Role]] = {
    CubeApp.SELLER: frozenset({Role.USER}),
    CubeApp.ADMIN: frozenset({Role.ADMIN}),
    CubeApp.SUPPORT: frozenset({Role.SUPPORT, Role.ADMIN}),
    CubeApp.PARTNER: frozenset(),
}
