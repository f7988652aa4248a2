"""The sandbox's Gemini and what asks it, for tests of the AI staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from records import add_user, seller
from sqlmodel import col, select

from cube_demper.core.clock import FixedClock
from cube_demper.core.settings import GeminiSettings
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.ai.asking import Asking
from cube_demper.domain.ai.budget import Errand
from cube_demper.domain.ai.model import Prompt, Turn
from cube_demper.integrations.gemini.client import Gemini
from cube_demper.models.accounts import User
from cube_demper.models.ai import AiCall, AiStaff
from cube_demper.sandbox.gemini.brain import Brain
from cube_demper.sandbox.gemini.server import API_KEY
from cube_demper.sandbox.server import Sandbox

START = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)


def question(text: str = "Сколько стоит чайник?", **more: Any) -> Prompt:
    return Prompt("Отвечай по-русски.", (Turn(text),), **more)


@dataclass
class AiStage:
    """A seller on PRO who asks the sandbox's model."""

    db: Database
    sandbox: Sandbox
    clock: FixedClock
    user: User
    model: Gemini

    @property
    def brain(self) -> Brain:
        return self.sandbox.gemini

    @property
    def actor(self) -> Actor:
        return seller(self.user)

    @property
    def errand(self) -> Errand:
        return Errand(AiStaff.LAWYER, "consultation", self.user.id)

    def client(self, *, timeout_ms: int = 120_000, **changes: str) -> Gemini:
        given = {"GEMINI_BASE_URL": self.sandbox.gemini_url, "GEMINI_API_KEY": API_KEY}
        settings = GeminiSettings(**(given | changes))
        return Gemini(settings, self.clock, timeout_ms=timeout_ms)

    def asking(self, model: Gemini | None = None) -> Asking:
        return Asking(self.db, model or self.model, self.clock.now)

    async def calls(self) -> list[AiCall]:
        async with self.db.read() as tx:
            return list(await tx.scalars(select(AiCall).order_by(col(AiCall.created_at))))


async def open_stage(db: Database, sandbox: Sandbox) -> AiStage:
    clock = cast("FixedClock", sandbox.clock)
    async with db.write() as tx:
        user = await add_user(tx, now=clock.now())
    stage = AiStage(db, sandbox, clock, user, None)  # type: ignore[arg-type]
    stage.model = stage.client()
    return stage
