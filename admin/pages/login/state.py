"""Signing in as an admin."""

import reflex as rx

from cube_demper.ui.signing_in import SigningIn


class LoginState(SigningIn, rx.State):
    """The sign-in form."""
