"""The sandbox's Gemini: generateContent, streamGenerateContent, batchEmbedContents, countTokens, models.

Keys, unknown and retired models, requests a minute and what a request may not be are answered as the
papers say (INTEGRATIONS.md C.2-C.3); what else goes wrong is put in force with faults of the group `gemini`.
"""

from __future__ import annotations

import asyncio
import re
import zlib
from collections import deque
from collections.abc import AsyncIterator, Sequence
from math import sqrt
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from cube_demper.sandbox.gemini.brain import Asked, Brain, Said, count_tokens
from cube_demper.sandbox.web import Backstage, Call, Host, json_response

API_KEY = "sandbox-gemini-key"
_RETIRED = re.compile(r"gemini-(?:1\.|2\.0)")
_SIZES = range(128, 3073)
_PIECE = 24
_MINUTE = 60.0
_BREATH = 0.005


class GeminiHost(Host):
    """The API. `requests_a_minute`: more are refused with 429 and the seconds to wait."""

    name = "gemini"

    def __init__(self, backstage: Backstage, brain: Brain) -> None:
        """Let this brain answer."""
        super().__init__(backstage)
        self._brain = brain
        self.requests_a_minute = 300
        self._recent: deque[float] = deque()

    def routes(self) -> list[Route]:
        """Return the routes of both versions of the API."""
        model = "/{version}/models/{model}"
        return [
            self.route("/{version}/models", "gemini_models", self._list, "GET"),
            self.route(f"{model}:generateContent", "gemini_generate", self._generate, "POST"),
            self.route(f"{model}:streamGenerateContent", "gemini_stream", self._stream, "POST"),
            self.route(f"{model}:batchEmbedContents", "gemini_embed", self._embed, "POST"),
            self.route(f"{model}:countTokens", "gemini_count", self._count, "POST"),
        ]

    def guard(self, call: Call) -> Response | None:
        """Refuse wrong keys, models that are not there, and too many requests."""
        if call.request.headers.get("x-goog-api-key") != API_KEY:
            reason = {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "API_KEY_INVALID",
            }
            return _error(400, "INVALID_ARGUMENT", "API key not valid.", reason)
        model = str(call.request.path_params.get("model", "gemini-"))
        if not model.startswith("gemini-") or _RETIRED.match(model):
            return _error(404, "NOT_FOUND", f"models/{model} is not found")
        while self._recent and self._recent[0] <= call.now - _MINUTE:
            self._recent.popleft()
        if len(self._recent) >= self.requests_a_minute:
            wait = max(1, round(self._recent[0] + _MINUTE - call.now))
            pause = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{wait}s"}
            return _error(429, "RESOURCE_EXHAUSTED", "Quota exceeded", pause)
        self._recent.append(call.now)
        return None

    def _list(self, _call: Call) -> Response:
        names = (
            "gemini-3.5-flash-lite",
            "gemini-3.8-flash",
            "gemini-4-argon",
            "gemini-embedding-2",
        )
        return json_response({"models": [{"name": f"models/{name}"} for name in names]})

    def _generate(self, call: Call) -> Response:
        asked = _read(call)
        if isinstance(asked, Response):
            return asked
        said = self._brain.answer(asked)
        call.note["blocked"] = said.is_blocked
        return json_response(_whole(call, asked, said))

    def _stream(self, call: Call) -> Response:
        asked = _read(call)
        if isinstance(asked, Response):
            return asked
        said = self._brain.answer(asked)
        if said.is_blocked:
            return _Sse([_whole(call, asked, said)])
        text = said.text
        pieces = [text[at : at + _PIECE] for at in range(0, len(text), _PIECE)] or [""]
        events: list[dict[str, Any]] = [
            {"candidates": [{"content": _content(it), "index": 0}], **_version(call)}
            for it in pieces
        ]
        events[-1] = _whole(call, asked, Said(pieces[-1], is_cut=said.is_cut), written=text)
        return _Sse(events)

    def _embed(self, call: Call) -> Response:
        requests = call.body.get("requests") if isinstance(call.body, dict) else None
        if not isinstance(requests, list) or not requests:
            return _error(400, "INVALID_ARGUMENT", "requests: required")
        size = requests[0].get("outputDimensionality") or 3072
        if size not in _SIZES:
            return _error(400, "INVALID_ARGUMENT", f"outputDimensionality: {size}")
        texts = ["".join(it.get("text", "") for it in one["content"]["parts"]) for one in requests]
        return json_response({"embeddings": [{"values": embed(text, size)} for text in texts]})

    def _count(self, call: Call) -> Response:
        asked = _read(call)
        return (
            asked if isinstance(asked, Response) else json_response({"totalTokens": asked.tokens})
        )


def gemini_app(backstage: Backstage, brain: Brain) -> Starlette:
    """Return the server of this brain."""
    return Starlette(routes=GeminiHost(backstage, brain).routes())


def embed(text: str, size: int) -> list[float]:
    """Return a vector that like texts share: their trigrams, hashed; not of length 1, as Google's are not."""
    values = [0.0] * size
    padded = f" {text.lower()} "
    for at in range(len(padded) - 2):
        digest = zlib.crc32(padded[at : at + 3].encode())
        values[digest % size] += 1 if digest & 1 << 31 else -1
    length = sqrt(sum(it * it for it in values)) or 1.0
    return [0.7 * it / length for it in values]


class _Sse(StreamingResponse):
    """Events one after another with a breath between; `body` is whole, so that faults can spoil it."""

    media_type = "text/event-stream"

    def __init__(self, events: Sequence[dict[str, Any]]) -> None:
        lines = [b"data: " + orjson.dumps(it) + b"\r\n\r\n" for it in events]
        super().__init__(_paced(lines))
        self.body = b"".join(lines)


async def _paced(lines: Sequence[bytes]) -> AsyncIterator[bytes]:
    for line in lines:
        yield line
        await asyncio.sleep(_BREATH)


def _read(call: Call) -> Asked | Response:
    body = call.body
    if not isinstance(body, dict) or not isinstance(body.get("contents"), list):
        return _error(400, "INVALID_ARGUMENT", "contents: required")
    contents = body["contents"]
    if not contents or contents[-1].get("role") == "model":
        return _error(400, "INVALID_ARGUMENT", "Please end with a user turn.")
    config = body.get("generationConfig") or {}
    thinking = config.get("thinkingConfig") or {}
    level = thinking.get("thinking_level") or thinking.get("thinkingLevel") or "LOW"
    if level not in ("LOW", "MEDIUM", "HIGH"):
        return _error(400, "INVALID_ARGUMENT", f"thinking_level: {level}")
    return Asked(
        instructions=_text(body.get("systemInstruction") or {}),
        turns=tuple(_text(it) for it in contents),
        schema=config.get("responseJsonSchema") or config.get("responseSchema"),
        max_tokens=int(config.get("maxOutputTokens") or 8192),
    )


def _text(content: dict[str, Any]) -> str:
    return "".join(str(it.get("text", "")) for it in content.get("parts") or [])


def _whole(call: Call, asked: Asked, said: Said, *, written: str | None = None) -> dict[str, Any]:
    usage = {"promptTokenCount": asked.tokens, "totalTokenCount": asked.tokens}
    if said.is_blocked:
        feedback = {"promptFeedback": {"blockReason": "SAFETY"}}
        return {**feedback, "usageMetadata": usage, **_version(call)}
    count = count_tokens(said.text if written is None else written)
    usage |= {"candidatesTokenCount": count, "totalTokenCount": asked.tokens + count}
    candidate = {
        "content": _content(said.text),
        "finishReason": "MAX_TOKENS" if said.is_cut else "STOP",
        "index": 0,
    }
    return {"candidates": [candidate], "usageMetadata": usage, **_version(call)}


def _content(text: str) -> dict[str, Any]:
    return {"role": "model", "parts": [{"text": text}] if text else []}


def _version(call: Call) -> dict[str, str]:
    return {"modelVersion": call.request.path_params["model"], "responseId": f"r{call.now:.6f}"}


def _error(code: int, status: str, message: str, *details: dict[str, Any]) -> Response:
    error: dict[str, Any] = {"code": code, "message": message, "status": status}
    return json_response({"error": error | ({"details": [*details]} if details else {})}, code)
