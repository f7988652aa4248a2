"""A seller at the sign-in page, and the worker behind it, against the sandbox in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import Browser
from sqlalchemy import delete, select, update
from sqlmodel import col
from worker_stage import Stage

from cube_demper.bootstrap import build_services
from cube_demper.core.settings import Settings
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores import signing_in
from cube_demper.domain.stores.signing_in_schemas import SignInForm, SignInStep
from cube_demper.integrations.browser.farm import ChromiumFarm
from cube_demper.models.accounts import User
from cube_demper.models.stores import KaspiStore, ReauthReason
from workers import logins
from workers.logins import Logins, build
from workers.runtime import Options, Process

STAFF = SignInForm(email="staff@example.kz", password="staff-12345")
OWNER = SignInForm(email="seller@example.kz", password="demo-12345", keep_password=True)
PHONE = SignInForm(phone="8 702 000 00 01")


@dataclass
class Desk:
    """A seller at the sign-in page, and the worker behind it."""

    stage: Stage
    actor: Actor

    @property
    def _now(self) -> Any:
        return self.stage.clock.now()

    async def worker(self) -> Logins:
        services = replace(
            build_services(self.stage.services.settings, name="logins"), clock=self.stage.clock
        )
        work = await build(Process("logins", services, Options(), self._now))
        self.stage.stack.push_async_callback(services.close)
        self.stage.stack.push_async_callback(work.close)
        return work

    async def work(self) -> SignInStep:
        """Let a fresh worker process do all that waits; return where the sign-in stands then."""
        await (await self.worker()).run_bounded()
        async with self.stage.db.read() as tx:
            step = await signing_in.current(tx, self.actor, self._now)
        assert step is not None
        return step

    async def start(self, form: SignInForm) -> SignInStep:
        async with self.stage.db.write() as tx:
            box = self.stage.services.secrets
            await signing_in.start(tx, self.actor, form, secrets=box, now=self._now)
        return await self.work()

    async def give_code(self, login_id: UUID, code: str) -> SignInStep:
        async with self.stage.db.write() as tx:
            box, now = self.stage.services.secrets, self._now
            await signing_in.submit_code(tx, self.actor, login_id, code, secrets=box, now=now)
        return await self.work()

    def code(self, to: str) -> str:
        found = re.search(r"\d{6}", self.stage.sandbox.mailbox.to(to)[-1].text)
        assert found
        return found[0]

    async def store(self, merchant: str = "30000001") -> KaspiStore | None:
        async with self.stage.db.read() as tx:
            return await tx.scalar(
                select(KaspiStore).where(col(KaspiStore.merchant_id) == merchant)
            )

    async def die(self, password: str | None) -> None:
        """End the store's session at Kaspi; a worker meets the 401."""
        stage = self.stage
        store = await self.store()
        assert store is not None
        assert store.guid is not None
        kept = stage.services.secrets.encrypt(password) if password else None
        guid = {**store.guid, "password": kept, "email": OWNER.email}
        async with stage.db.write() as tx:
            await tx.execute(update(KaspiStore).values(guid=guid))
        stage.sandbox.sessions.expire(OWNER.email)
        async with stage.db.write() as tx:
            reason = ReauthReason.CREDENTIALS_MISSING
            await stores.mark_needs_reauth(
                tx, SYSTEM, store.id, reason, stage.clock.now(), cookies=guid["cookies"]
            )

    async def rows(self, table: Any) -> list[Any]:
        async with self.stage.db.read() as tx:
            return list((await tx.scalars(select(table))).all())


@pytest.fixture(scope="session")
async def warm_browser() -> AsyncIterator[Browser]:
    """A Chromium as sign-ins have it, kept by a visit that does not end: a start takes two seconds of CPU."""
    farm = ChromiumFarm(Settings().chromium_path)
    async with farm.visit() as page:
        assert page.context.browser
        yield page.context.browser


@pytest.fixture
async def desk(stage: Stage, warm_browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The stage's seller with a confirmed e-mail; workers of this process share one Chromium."""

    class WarmFarm(ChromiumFarm):
        async def _enter(self) -> Browser:
            return warm_browser

        async def _leave(self) -> None:
            return

    monkeypatch.setattr(logins, "ChromiumFarm", WarmFarm)
    async with stage.db.write() as tx:
        await tx.execute(update(User).values(email_confirmed_at=stage.clock.now()))
    return Desk(stage, Actor(Role.USER, stage.user_id, "seller@example.kz"))


@pytest.fixture
async def new_desk(desk: Desk) -> Desk:
    """A seller without a store yet."""
    async with desk.stage.db.write() as tx:
        await tx.execute(delete(KaspiStore))
    return desk
