"""What Kaspi answers to a step of its sign-in (KASPI.md §3.1). Pure."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

import orjson

from cube_demper.core.errors import (
    ContractChanged,
    CredentialsRejected,
    RateLimited,
    Refused,
    Unreachable,
)

_FLOODS = frozenset({"MFA_SEND_FLOOD", "MFA_CODE_TOO_MANY_SEND", "SECURITY_CODE_SMS_FLOOD"})
_REJECTIONS = frozenset({"INVALID_CREDENTIALS", "FAILED"})
_USUAL_BREAK, _LONGEST_BREAK = 60, 24 * 3600


class WrongCode(Refused):
    """Код не подошёл или устарел."""

    code = "kaspi.wrong_code"


def lets_in(status: int, text: str, *, is_code: bool) -> bool:
    """Tell whether a step ended the sign-in; False: Kaspi has sent a code.

    Raises CredentialsRejected, WrongCode for a step with a code, RateLimited for a flood,
    Unreachable, ContractChanged.
    """
    if status in (HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS) or status >= 500:
        raise Unreachable(f"Вход Kaspi отвечает {status}. Повторим позже.")
    answer = _json(text, status)
    if status == HTTPStatus.OK:
        redirect = answer.get("redirectUrl")
        if isinstance(redirect, str) and redirect:
            return True
        if is_code or answer.get("su"):
            raise _changed(status, answer)
        return False
    error = answer.get("errorCode")
    if error in _FLOODS:
        raise RateLimited(_break(answer), "Kaspi просит подождать: кодов запрошено слишком много.")
    if status == HTTPStatus.UNAUTHORIZED and error in _REJECTIONS:
        raise WrongCode if is_code else CredentialsRejected
    raise _changed(status, answer)


def _break(answer: dict[str, object]) -> timedelta:
    data = answer.get("errorData")
    seconds = data.get("breakTimeSeconds") if isinstance(data, dict) else None
    if not isinstance(seconds, int | float) or not 0 < seconds <= _LONGEST_BREAK:
        seconds = _USUAL_BREAK
    return timedelta(seconds=seconds)


def _json(text: str, status: int) -> dict[str, object]:
    try:
        answer = orjson.loads(text)
    except orjson.JSONDecodeError:
        answer = None
    if not isinstance(answer, dict):
        raise ContractChanged("Вход Kaspi ответил не так, как обычно", sample=f"{status} not JSON")
    return answer


def _changed(status: int, answer: dict[str, object]) -> ContractChanged:
    """Keep the shape alone: values may be codes, phones and names."""
    shape = ", ".join(f"{key}: {type(value).__name__}" for key, value in sorted(answer.items()))
    return ContractChanged(
        "Вход Kaspi ответил не так, как обычно", sample=f"{status} {shape}"[:300]
    )
