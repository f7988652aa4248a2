"""Signing in, with the way that sign-in stopped kept."""

import reflex as rx

from cube_demper.seller.door.onward import Onward
from cube_demper.ui.signing_in import SigningIn


class LoginState(Onward, SigningIn, rx.State):
    """The sign-in form."""

    def _begin(self) -> None:
        self._keep_onward()
