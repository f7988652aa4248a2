"""The form of a new seller, then the same answer for every e-mail: a letter is on its way."""

from collections.abc import AsyncIterator

import reflex as rx

from cube_demper import bootstrap
from cube_demper.api.entrance import REFERRAL_COOKIE
from cube_demper.api.partner_links import PARTNER_COOKIE
from cube_demper.core.cookies import find_cookie
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.billing import service as billing
from cube_demper.domain.billing.rules import TRIAL_PLAN
from cube_demper.domain.billing.words import trial_words
from cube_demper.domain.partners.clicks import marks_of
from cube_demper.domain.partners.schemas import CameBy
from cube_demper.models.billing import Plan
from cube_demper.seller.door.onward import Onward
from cube_demper.ui import session
from cube_demper.ui.guards import FormErrors, guarded


class RegisterState(Onward, FormErrors, rx.State):
    """The sign-up form and what follows it."""

    email: str = ""
    sent: int = 0
    """How many letters were asked for; 0 shows the form."""
    is_mail_on: bool = True
    trial: str = ""
    """What a new account has for nothing; "" where that is nothing."""

    @guarded(Role.NOBODY)
    async def load(self) -> rx.event.EventSpec | None:
        """Begin with an empty form; whoever is signed in has nothing to do here."""
        if await session.find_signed_in(self) is not None:
            return rx.redirect(self._way_on(), replace=True)
        self._keep_onward()
        self.sent, self.email, self.is_busy = 0, "", False
        self.errors = {"form": ""}
        services = bootstrap.web()
        self.is_mail_on = services.settings.mail.smtp_url is not None
        async with services.db.read() as tx:
            self.trial = trial_words((await billing.plans(tx))[Plan(TRIAL_PLAN)])
        return None

    @guarded(Role.NOBODY)
    async def submit(self, form: dict[str, str]) -> AsyncIterator[None]:
        """Register, whoever it is: only the letter tells whether the e-mail was known."""
        self.errors, self.is_busy = {"form": ""}, True
        yield
        services = bootstrap.web()
        async with services.db.write() as tx:
            await accounts.register(
                tx,
                session.current_actor(),
                accounts.Registration(
                    email=form.get("email", ""),
                    password=form.get("password", ""),
                    full_name=form.get("full_name", ""),
                    referral_code=find_cookie(self.router.headers.cookie, REFERRAL_COOKIE) or "",
                    has_agreed=bool(form.get("agree")),
                    came_by=self._came_by(form.get("promo_code", "")),
                ),
                visitor=session.visitor(self),
                attempts=session.attempts(),
                now=services.clock.now(),
            )
        self.email, self.sent, self.is_busy = form["email"].strip(), 1, False

    def _came_by(self, code: str) -> CameBy:
        cookie = find_cookie(self.router.headers.cookie, PARTNER_COOKIE) or ""
        marks = marks_of(bootstrap.web().secrets, session.visitor(self))
        return CameBy(cookie=cookie, code=code, marks=marks)

    @guarded(Role.NOBODY)
    async def send_again(self) -> None:
        """Ask for the letter again."""
        self.errors = {"form": ""}
        services = bootstrap.web()
        async with services.db.write() as tx:
            await accounts.request_confirmation(
                tx,
                session.current_actor(),
                self.email,
                visitor=session.visitor(self),
                attempts=session.attempts(),
                now=services.clock.now(),
            )
        self.sent += 1

    @guarded(Role.NOBODY)
    def change_email(self) -> None:
        """Go back to the form."""
        self.sent, self.errors = 0, {"form": ""}
