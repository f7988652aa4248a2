"""Gemini's answers: time-outs, a few tries, a breaker; what has begun to be shown is never asked again."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import timedelta

from google import genai
from google.genai import types

from cube_demper.core.breaker import Breaker
from cube_demper.core.clock import Clock
from cube_demper.core.errors import (
    ConfigurationError,
    ContractChanged,
    IntegrationError,
    RateLimited,
    Unreachable,
)
from cube_demper.core.settings import GeminiSettings
from cube_demper.domain.ai.model import Grade, OnText, Prompt, Reply
from cube_demper.integrations.gemini.errors import EXPECTED, told
from cube_demper.integrations.gemini.mapping import Heard, config_of, contents_of

_TIMEOUT_MS = 120_000
"""A thorough model thinks for a minute."""
_PAUSES = (1.0, 4.0)
"""Seconds before the second and the third try."""
_PATIENCE = timedelta(seconds=5)
"""The longest wait, when Google names one, that a person at a page is asked to sit through."""


class Gemini:
    """See `domain.ai.model.LanguageModel`."""

    def __init__(
        self, settings: GeminiSettings, clock: Clock, *, timeout_ms: int = _TIMEOUT_MS
    ) -> None:
        """Read the key and the models' names. Raises ConfigurationError without a key."""
        if settings.api_key is None:
            raise ConfigurationError("GEMINI_API_KEY: нужен ключ")
        self._models = {Grade.QUICK: settings.model, Grade.THOROUGH: settings.lawyer_model}
        self._clock = clock
        self._breaker = Breaker(clock.now)
        self._client = genai.Client(
            api_key=settings.api_key.get_secret_value(),
            vertexai=False,
            http_options=types.HttpOptions(
                base_url=settings.base_url.rstrip("/"),
                api_version=settings.api_version,
                timeout=timeout_ms,
            ),
        )

    def name_of(self, grade: Grade) -> str:
        """Return the name of the model that answers for a grade."""
        return self._models[grade]

    async def generate(self, prompt: Prompt, on_text: OnText | None = None) -> Reply:
        """Ask, and again after a failure that may pass, unless something has been shown already."""
        if not self._breaker.lets_through():
            raise Unreachable("Модель недоступна, попробуем через минуту.")
        for pause in (*_PAUSES, None):
            heard = Heard(self.name_of(prompt.grade))
            try:
                return await self._ask(prompt, heard, on_text)
            except (Unreachable, RateLimited) as error:
                wait = _wait_for(error, pause)
                if wait is None or heard.pieces:
                    raise
            await self._clock.sleep(wait)
        raise AssertionError  # the last try returns or raises

    async def missing_models(self) -> list[str]:
        """Return which of the models of the settings this key does not have.

        Raises RateLimited, Unreachable, CredentialsRejected, ContractChanged.
        """
        try:
            pager = await self._client.aio.models.list(config={"page_size": 1000})
            known = {(it.name or "").removeprefix("models/") async for it in pager}
        except EXPECTED as error:
            raise told(error) from error
        return sorted(set(self._models.values()) - known)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aio.aclose()

    async def _ask(self, prompt: Prompt, heard: Heard, on_text: OnText | None) -> Reply:
        try:
            async with aclosing(self._pieces(prompt, heard.model, is_whole=on_text is None)) as it:
                async for piece in it:
                    text = heard.take(piece)
                    if text and on_text:
                        await on_text(text)
            reply = heard.reply(prompt)
        except IntegrationError as error:
            self._breaker.report(is_good=not isinstance(error, (Unreachable, ContractChanged)))
            raise
        self._breaker.report(is_good=True)
        return reply

    async def _pieces(
        self, prompt: Prompt, model: str, *, is_whole: bool
    ) -> AsyncGenerator[types.GenerateContentResponse, None]:
        asked, config, models = contents_of(prompt), config_of(prompt), self._client.aio.models
        try:
            if is_whole:
                yield await models.generate_content(model=model, contents=asked, config=config)
                return
            stream = await models.generate_content_stream(
                model=model, contents=asked, config=config
            )
            async for piece in stream:
                yield piece
        except EXPECTED as error:
            raise told(error) from error


def _wait_for(error: Unreachable | RateLimited, pause: float | None) -> float | None:
    """Return how many seconds to wait before the next try; None when there is none."""
    if pause is None or not isinstance(error, RateLimited):
        return pause
    return None if error.retry_after > _PATIENCE else max(pause, error.retry_after.total_seconds())
