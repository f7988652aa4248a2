"""The pipeline of SPEC §7.1 from context to log: tokens are taken, the model answers, a check decides."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from cube_demper.core.clock import ALMATY
from cube_demper.core.errors import CubeError
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.ai import budget, queries
from cube_demper.domain.ai.budget import Errand
from cube_demper.domain.ai.errors import AnswerRejected, NoModel, Unfit
from cube_demper.domain.ai.model import Blocked, LanguageModel, OnText, Prompt, Reply, Usage
from cube_demper.domain.ai.prices import cost_of
from cube_demper.models.ai import AiVerdict

_TRIES = 2
_WORDS = 500
_T = TypeVar("_T")


@dataclass(slots=True)
class _Call:
    """One call while it is made."""

    id: UUID
    model: str
    tokens: int = 0
    usage: Usage = field(default_factory=Usage)
    answer: str = ""
    verdict: AiVerdict = AiVerdict.ACCEPTED
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """What asking needs. `model` is None without a key: what needs no model still works."""

    db: Database
    model: LanguageModel | None
    now: Callable[[], datetime]

    async def ask(
        self,
        actor: Actor,
        errand: Errand,
        prompt: Prompt,
        check: Callable[[Reply], _T],
        on_text: OnText | None = None,
    ) -> _T:
        """Return what `check` makes of the model's answer; told what is wrong, the model tries once more.

        `check` raises `Unfit` with words about an answer that may not be shown. With `on_text` there is
        one try: what is shown piece by piece is not taken back. May be cancelled at any moment.
        Raises NoModel, PlanLacks, TokensSpent, AnswerRejected, Blocked and other IntegrationErrors.
        """
        if self.model is None:
            raise NoModel
        for _ in range(1 if on_text else _TRIES):
            async with self._call(actor, errand, prompt, self.model) as call:
                reply = await self.model.generate(prompt, on_text)
                call.usage, call.answer = reply.usage, reply.text
                if prompt.schema and reply.data is None:
                    raise Unfit("нужен JSON по схеме, целиком и без других слов.")
                return check(reply)
            prompt = prompt.corrected(call.answer, call.reason)
        raise AnswerRejected

    @asynccontextmanager
    async def _call(
        self, actor: Actor, errand: Errand, prompt: Prompt, model: LanguageModel
    ) -> AsyncIterator[_Call]:
        """Take the tokens of a call, and write down what came of it however it ends; `Unfit` ends here."""
        name = model.name_of(prompt.grade)
        async with self.db.write() as tx:
            call_id = await budget.reserve(tx, actor, errand, prompt, model=name, now=self.now())
        call = _Call(call_id, name)
        try:
            yield call
        except Unfit as unfit:
            call.verdict, call.reason = AiVerdict.REJECTED, str(unfit)
        except Blocked as blocked:
            call.verdict, call.usage, call.reason = (
                AiVerdict.BLOCKED,
                blocked.usage,
                blocked.message,
            )
            raise
        except asyncio.CancelledError:
            # What was written before the person left is paid for, and nobody has counted it.
            call.verdict, call.tokens = AiVerdict.CANCELLED, prompt.most_tokens - prompt.max_tokens
            raise
        except Exception as error:
            call.verdict = AiVerdict.FAILED
            call.reason = error.message if isinstance(error, CubeError) else type(error).__name__
            raise
        finally:
            await asyncio.shield(asyncio.create_task(self._end(call)))

    async def _end(self, call: _Call) -> None:
        now, usage = self.now(), call.usage
        async with self.db.write() as tx:
            await queries.end_call(
                tx,
                call.id,
                {
                    "verdict": call.verdict,
                    "reason": call.reason[:_WORDS],
                    "tokens": max(usage.total, call.tokens),
                    "prompt_tokens": usage.prompt,
                    "reply_tokens": usage.reply,
                    "thought_tokens": usage.thoughts,
                    "cost": cost_of(call.model, usage, now.astimezone(ALMATY).date()),
                    "ended_at": now,
                },
            )
