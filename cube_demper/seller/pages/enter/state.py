"""Exchanges an admin's one-time code for a visit."""

from __future__ import annotations

import reflex as rx

from cube_demper.domain.accounts.rules import VISIT_SIGN
from cube_demper.domain.accounts.schemas import Role
from cube_demper.ui import session
from cube_demper.ui.guards import guarded


class EnterState(rx.State):
    """The page has nothing to keep."""

    @guarded(Role.NOBODY)
    async def load(self) -> rx.event.EventSpec:
        """Go in; only by a code of a visit: a link with any other would sign people in as its maker."""
        code = self.router.url.query_parameters.get("code", "")
        if not code.startswith(VISIT_SIGN):
            return rx.redirect("/login", replace=True)
        return session.open_session_script(code[:100], "/")
