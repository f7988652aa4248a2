"""Signing in by the partners' own table."""

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts.signing_in import Proven
from cube_demper.domain.partners import door
from cube_demper.ui import session
from cube_demper.ui.signing_in import SigningIn


class LoginState(SigningIn, rx.State):
    """The sign-in form."""

    seller_site: str = ""

    def _begin(self) -> None:
        self.seller_site = bootstrap.web().settings.app_url(CubeApp.SELLER)

    async def _prove(self, email: str, password: str) -> Proven:
        services = bootstrap.web()
        async with services.db.write() as tx:
            code = await door.sign_in(
                tx,
                session.current_actor(),
                email=email,
                password=password,
                visitor=session.visitor(self),
                attempts=session.attempts(),
                now=services.clock.now(),
            )
        return Proven(code)
