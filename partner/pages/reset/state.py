"""A partner's way to a new password."""

import reflex as rx

from cube_demper import bootstrap
from cube_demper.domain.partners import recovery
from cube_demper.ui import session
from cube_demper.ui.resetting import Resetting


class ResetState(Resetting, rx.State):
    """Passwords of partners."""

    async def _is_alive(self, token: str) -> bool:
        services = bootstrap.web()
        async with services.db.read() as tx:
            now = services.clock.now()
            return await recovery.is_link_alive(tx, session.current_actor(), token, now)

    async def _request(self, email: str) -> None:
        services = bootstrap.web()
        async with services.db.write() as tx:
            await recovery.request_reset(
                tx,
                session.current_actor(),
                email,
                visitor=session.visitor(self),
                attempts=session.attempts(),
                now=services.clock.now(),
            )

    async def _set_password(self, token: str, password: str) -> None:
        services = bootstrap.web()
        async with services.db.write() as tx:
            await recovery.reset_password(
                tx,
                session.current_actor(),
                token=token,
                password=password,
                now=services.clock.now(),
            )
