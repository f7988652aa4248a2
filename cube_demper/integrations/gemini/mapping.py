"""Our questions as Gemini wants them, its answers as we want them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson
from google.genai import types

from cube_demper.core.errors import ContractChanged
from cube_demper.domain.ai.model import Blocked, Effort, Prompt, Reply, Usage

_LEVELS = {
    Effort.LOW: types.ThinkingLevel.LOW,
    Effort.MEDIUM: types.ThinkingLevel.MEDIUM,
    Effort.HIGH: types.ThinkingLevel.HIGH,
}
_REFUSALS = frozenset(
    {
        types.FinishReason.SAFETY,
        types.FinishReason.RECITATION,
        types.FinishReason.BLOCKLIST,
        types.FinishReason.PROHIBITED_CONTENT,
        types.FinishReason.SPII,
        types.FinishReason.LANGUAGE,
    }
)


def contents_of(prompt: Prompt) -> list[types.Content]:
    """Return the turns of a talk."""
    return [
        types.Content(role="model" if it.is_model else "user", parts=[types.Part(text=it.text)])
        for it in prompt.turns
    ]


def config_of(prompt: Prompt) -> types.GenerateContentConfig:
    """Return how to answer. No tools are given: what is done with an answer, our code decides."""
    return types.GenerateContentConfig(
        system_instruction=prompt.instructions,
        max_output_tokens=prompt.max_tokens,
        thinking_config=types.ThinkingConfig(thinking_level=_LEVELS[prompt.effort]),
        response_mime_type="application/json" if prompt.schema else None,
        response_json_schema=dict(prompt.schema) if prompt.schema else None,
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
    )


@dataclass(slots=True)
class Heard:
    """An answer as it comes in, in one piece or in many."""

    model: str
    pieces: list[str] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    finish: types.FinishReason | None = None

    def take(self, answer: types.GenerateContentResponse) -> str:
        """Add a piece and return its text. Raises Blocked."""
        self.usage = _usage(answer) or self.usage
        feedback = answer.prompt_feedback
        if feedback is not None and feedback.block_reason:
            raise Blocked(usage=self.usage)
        if not answer.candidates:
            return ""
        candidate = answer.candidates[0]
        self.finish = candidate.finish_reason or self.finish
        if self.finish in _REFUSALS:
            raise Blocked(usage=self.usage)
        parts = (candidate.content.parts if candidate.content else None) or []
        text = "".join(it.text for it in parts if it.text and not it.thought)
        self.pieces.append(text)
        return text

    def reply(self, prompt: Prompt) -> Reply:
        """Return the whole. Raises ContractChanged for nothing and for what broke off."""
        text = "".join(self.pieces)
        is_cut = self.finish is types.FinishReason.MAX_TOKENS
        if self.finish is None:
            raise ContractChanged("Ответ модели оборвался на полуслове.")
        if not text.strip() and not is_cut:
            raise ContractChanged("Модель прислала пустой ответ.")
        data = _parsed(text) if prompt.schema else None
        return Reply(text=text, model=self.model, usage=self.usage, is_cut=is_cut, data=data)


def _parsed(text: str) -> Any:
    """Return what a structured answer holds; None for one that is no JSON: the caller may ask again."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _usage(answer: types.GenerateContentResponse) -> Usage | None:
    found = answer.usage_metadata
    if found is None:
        return None
    return Usage(
        prompt=_count(found.prompt_token_count),
        reply=_count(found.candidates_token_count),
        thoughts=_count(found.thoughts_token_count),
    )


def _count(value: int | None) -> int:
    return min(max(value or 0, 0), 100_000_000)
