"""The steps of connecting a store: what was typed, what Kaspi waits for, what was connected."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.stores import signing_in
from cube_demper.domain.stores.signing_in_schemas import SignInForm
from cube_demper.seller.pages.bot.reading import asked_store, store_uuid
from cube_demper.seller.pages.connect.reading import Picture, read_picture
from cube_demper.seller.pages.connect.rows import ConnectView, view_of
from cube_demper.ui import session
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.live import LiveMixin
from cube_demper.ui.loading import PageMixin, loads

_TICKED = ("on", "true", True)
_NOTHING_TYPED = {"email": "", "phone": ""}
_NO_ERRORS = {"form": "", "email": "", "password": "", "phone": "", "code": "", "shop": ""}


class ConnectState(LiveMixin, FormErrors, PageMixin, rx.State):
    """The page. What it shows is in the database: it survives a reload and a restart of ours."""

    view: ConnectView = ConnectView()
    way: str = "email"
    typed: dict[str, str] = dict(_NOTHING_TYPED)
    """Whom one signs in as: still there when Kaspi refuses. A password never is."""
    _left: str = ""
    """The finished sign-in that the person has left behind to begin another."""

    @loads(Role.USER)
    async def load(self) -> None:
        """Read where the connecting stands."""
        self.errors, self.is_busy, self._left = dict(_NO_ERRORS), False, ""
        self.typed = dict(_NOTHING_TYPED)
        self._show(await read_picture(asked_store(self.router.url)))

    @guarded(Role.USER)
    async def choose_way(self, way: str) -> None:
        """Choose how to sign in: email, phone or feed."""
        self.way, self.errors = way, dict(_NO_ERRORS)

    @guarded(Role.USER)
    async def start(self, data: dict[str, Any]) -> Any:
        """Ask the worker to open Kaspi with what was typed."""
        self.errors, self.is_busy = dict(_NO_ERRORS), True
        self.typed = {name: str(data.get(name) or "") for name in _NOTHING_TYPED}
        yield
        services, actor = bootstrap.web(), session.current_actor()
        asked = asked_store(self.router.url)
        form = SignInForm(
            email=str(data.get("email") or ""),
            phone=str(data.get("phone") or ""),
            password=str(data.get("password") or ""),
            keep_password=data.get("keep_password") in _TICKED,
            store_id=store_uuid(asked) if asked else None,
        )
        async with services.db.write() as tx:
            await signing_in.start(
                tx, actor, form, secrets=services.secrets, now=services.clock.now()
            )
        await self._reread()

    @guarded(Role.USER)
    async def submit_code(self, data: dict[str, Any]) -> Any:
        """Give the code that Kaspi sent."""
        self.errors, self.is_busy = dict(_NO_ERRORS), True
        yield
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            await signing_in.submit_code(
                tx,
                actor,
                store_uuid(self.view.login_id),
                str(data.get("code") or ""),
                secrets=services.secrets,
                now=services.clock.now(),
            )
        await self._reread()

    @guarded(Role.USER)
    async def choose_shop(self, uid: str) -> None:
        """Choose which of the account's shops to connect."""
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            await signing_in.choose_shop(
                tx,
                actor,
                store_uuid(self.view.login_id),
                uid,
                secrets=services.secrets,
                now=services.clock.now(),
            )
        await self._reread()

    @guarded(Role.USER)
    async def cancel(self) -> None:
        """End the sign-in: what was typed is forgotten."""
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            login_id = store_uuid(self.view.login_id)
            await signing_in.cancel(tx, actor, login_id, services.clock.now())
        await self._reread()

    @guarded(Role.USER)
    async def begin_another(self) -> None:
        """Leave what is finished and show the form again."""
        self._left = self.view.login_id
        await self._reread()

    async def _reread(self) -> None:
        self._show(await read_picture(asked_store(self.router.url), left=self._left))

    async def _changed(self, events: list[BrowserEvent]) -> None:  # noqa: ARG002 - all concern it
        async with self:  # what a background handler sees outside is as old as its last look
            asked, left = asked_store(self.router.url), self._left
        picture = await read_picture(asked, left=left)
        async with self:
            self._show(picture)

    def _show(self, picture: Picture) -> None:
        self.view = view_of(picture)
        self.phase, self.is_busy = "ready", False
