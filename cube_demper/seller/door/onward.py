"""Where a person was going when sign-in stopped them: kept from page to page until they are in."""

from __future__ import annotations

from urllib.parse import urlencode

import reflex as rx

from cube_demper.domain.accounts.rules import local_path
from cube_demper.seller.navigation import INVITATION
from cube_demper.ui.i18n import tr
from cube_demper.ui.placeholders import notice


class Onward(rx.State, mixin=True):
    """The `next` of the address, for links to the other door."""

    onward: str = ""
    """«?next=…» to put after an address, or nothing."""
    is_invited: bool = False
    """They come by the letter of an invitation."""

    def _keep_onward(self) -> None:
        """Read the address; called when the page opens."""
        asked = self.router.url.query_parameters.get("next", "")
        self.onward = f"?{urlencode({'next': asked})}" if asked else ""
        self.is_invited = asked.partition("?")[0].rstrip("/") == INVITATION

    def _way_on(self) -> str:
        """Return where to lead whoever is in; never another site."""
        return local_path(self.router.url.query_parameters.get("next", ""))


def invited_notice(is_invited: rx.Var[bool]) -> rx.Component:
    """Say which mailbox an invitation needs, and that it waits."""
    return rx.cond(
        is_invited,
        notice(
            tr("Вас пригласили помогать с магазином"),
            tr(
                "Нужна учётная запись с той почтой, на которую пришло приглашение."
                " Оно будет ждать вас после входа."
            ),
        ),
    )
