"""The one place where TipTopPay's answers and the network's failures become errors of ours."""

from __future__ import annotations

from datetime import timedelta

import orjson

from cube_demper.core.errors import (
    ContractChanged,
    CredentialsRejected,
    IntegrationError,
    RateLimited,
    Refused,
    Unreachable,
)
from cube_demper.integrations.proxies.egress_client import Answer
from cube_demper.integrations.tiptoppay.wire import JsonObject, text_of

_PAUSE = timedelta(seconds=60)
_WORDS = 200


def read(answer: Answer) -> JsonObject:
    """Return the object of an answer, a refusal too.

    Raises Unreachable, RateLimited, CredentialsRejected, and ContractChanged for a page, for nothing
    and for whatever is not `{"Success": …}`.
    """
    if failure := _by_status(answer.status):
        raise failure
    try:
        body = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        raise ContractChanged(f"TipTopPay прислал не JSON ({answer.status})") from None
    if not isinstance(body, dict) or not isinstance(body.get("Success"), bool):
        raise ContractChanged(f"TipTopPay ответил не так, как обычно ({answer.status})")
    return body


def refusal_of(body: JsonObject) -> Refused:
    """Return what `Success: false` means, in TipTopPay's own words."""
    return Refused(f"TipTopPay отказал: {words_of(body)}")


def words_of(body: JsonObject) -> str:
    """Return the reason without digits in a row: a message may repeat what was sent."""
    masked = "".join("*" if char.isdigit() else char for char in text_of(body.get("Message")))
    return masked[:_WORDS] or "без причины"


def _by_status(status: int) -> IntegrationError | None:
    if status in (401, 403):
        return CredentialsRejected(
            "TipTopPay не принял TIPTOPPAY_PUBLIC_ID и TIPTOPPAY_API_SECRET."
        )
    if status == 429:
        return RateLimited(_PAUSE, "TipTopPay просит не спешить.")
    if status >= 500:
        return Unreachable(f"TipTopPay ответил ошибкой {status}. Повторим позже.")
    return ContractChanged(f"TipTopPay ответил {status}") if 300 <= status < 400 else None
