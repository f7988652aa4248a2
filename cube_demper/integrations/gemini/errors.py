"""The one place where what goes wrong with Gemini becomes an error of ours."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import aiohttp
from google.genai import errors
from pydantic import ValidationError

from cube_demper.core.errors import (
    ContractChanged,
    CredentialsRejected,
    IntegrationError,
    RateLimited,
    Unreachable,
)

EXPECTED = (
    errors.APIError,
    errors.UnknownApiResponseError,
    aiohttp.ClientError,
    OSError,
    TimeoutError,
    json.JSONDecodeError,
    ValidationError,
    ValueError,
    TypeError,
    AttributeError,
    KeyError,
)
"""What the SDK raises for a network that fails and for answers that are a page, half of one, or a lie: it
reads them without looking, so a wrong shape is whatever Python says of it."""
_PAUSE = timedelta(seconds=30)
_LONGEST = timedelta(minutes=10)


def told(error: Exception) -> IntegrationError:
    """Return our error for one of `EXPECTED`."""
    if isinstance(error, errors.APIError):
        return _by_answer(error)
    if isinstance(error, aiohttp.ClientPayloadError):
        return Unreachable("Ответ модели оборвался. Повторим позже.")
    if isinstance(error, (aiohttp.ClientError, OSError, TimeoutError)):
        return Unreachable("Модель не отвечает. Повторим позже.")
    return ContractChanged(f"Gemini ответил не так, как обычно ({type(error).__name__}).")


def _by_answer(error: errors.APIError) -> IntegrationError:
    details = _details(error.details)
    if error.code in (401, 403) or any(it.get("reason") == "API_KEY_INVALID" for it in details):
        return CredentialsRejected("Gemini не принял GEMINI_API_KEY.")
    if error.code == 429:
        return RateLimited(
            _pause(details), "Модель занята: слишком много запросов. Повторим позже."
        )
    if error.code == 404:
        return ContractChanged("Gemini не знает такой модели: проверьте GEMINI_MODEL.")
    if error.code >= 500 or error.code == 408:
        return Unreachable(f"Gemini ответил ошибкой {error.code}. Повторим позже.")
    return ContractChanged(f"Gemini не понял запроса ({error.code}).")


def _pause(details: list[dict[str, Any]]) -> timedelta:
    """Return the wait that Google asks for in RetryInfo («12s», «0.5s»)."""
    for detail in details:
        if found := re.fullmatch(r"(\d{1,6}(?:\.\d{1,9})?)s", str(detail.get("retryDelay", ""))):
            return min(timedelta(seconds=float(found[1])), _LONGEST)
    return _PAUSE


def _details(body: Any) -> list[dict[str, Any]]:
    error = body.get("error") if isinstance(body, dict) else None
    listed = error.get("details") if isinstance(error, dict) else None
    return [it for it in listed if isinstance(it, dict)] if isinstance(listed, list) else []
