"""The one place where WAHA's answers and the network's failures become errors and outcomes of ours."""

from __future__ import annotations

import orjson

from cube_demper.core.errors import (
    ContractChanged,
    CredentialsRejected,
    IntegrationError,
    NotFound,
    Refused,
    Unreachable,
)
from cube_demper.domain.messaging.ports import RefusalReason, RefusedSend, UnknownSend
from cube_demper.domain.messaging.sessions.errors import SessionNotReady
from cube_demper.integrations.proxies.egress_client import Answer, TransportFailed
from cube_demper.integrations.waha.wire import JsonObject, dict_of, text_of

_SAMPLE = 200
_TIME_LOCK = "463"
"""WhatsApp's number for «this account may not write to new chats now» (INTEGRATIONS.md A.5)."""
_SEND_REFUSALS = {
    401: RefusalReason.REJECTED_KEY,
    403: RefusalReason.REJECTED_KEY,
    404: RefusalReason.NOT_READY,
    429: RefusalReason.UNREACHABLE,
}


def json_of(answer: Answer) -> object:
    """Parse an answer. Raises ContractChanged for a page and for broken JSON."""
    if not answer.content:
        return None
    try:
        return orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        raise ContractChanged(f"WAHA прислала не JSON ({answer.status})") from None


def error_of(answer: Answer) -> IntegrationError | NotFound | None:
    """Return what an answer to a question or a command means; None for a success."""
    status, body = answer.status, _body(answer)
    if status < 300:
        return None
    if status >= 500 or status == 429:
        return Unreachable(f"WAHA ответила ошибкой {status}.")
    if status < 400:
        return ContractChanged(f"WAHA ответила {status}")
    if status == 422 and is_not_ready(body):
        return SessionNotReady(text_of(body.get("status")))
    known: dict[int, IntegrationError | NotFound] = {
        401: CredentialsRejected("WAHA не приняла WAHA_PASSWORD."),
        403: CredentialsRejected("WAHA не приняла WAHA_PASSWORD."),
        404: NotFound("WAHA не знает этой сессии."),
    }
    return known.get(status) or Refused(f"WAHA отказала ({status}): {_words(answer)}")


def refusal_of(answer: Answer) -> RefusedSend | UnknownSend | None:
    """Return what an answer to a send means; None for a success."""
    status = answer.status
    if status < 300:
        return None
    words = f"{status}: {_words(answer)}"
    if status >= 500 and _TIME_LOCK in answer.text:
        return RefusedSend(RefusalReason.TIME_LOCKED, words)
    if status == 422 and is_not_ready(_body(answer)):
        return RefusedSend(RefusalReason.NOT_READY, words)
    if 400 <= status < 500:
        return RefusedSend(_SEND_REFUSALS.get(status, RefusalReason.WRONG_REQUEST), words)
    # An engine's error, a gateway's page, a redirect: the message may be on its way.
    return UnknownSend(words)


def broken_off(error: TransportFailed) -> RefusedSend | UnknownSend:
    """Return what a failure of the network means for a send: «did it leave?» decides."""
    if error.has_left:
        return UnknownSend(error.cause)
    return RefusedSend(RefusalReason.UNREACHABLE, error.cause)


def reason_of(error: Exception) -> RefusalReason:
    """Return why a question could not be asked, in the words of the port."""
    if isinstance(error, CredentialsRejected):
        return RefusalReason.REJECTED_KEY
    if isinstance(error, SessionNotReady | NotFound):
        return RefusalReason.NOT_READY
    if isinstance(error, Refused):
        return RefusalReason.WRONG_REQUEST
    return RefusalReason.UNREACHABLE


def is_not_ready(body: JsonObject) -> bool:
    """Tell the 422 «the session is not in that state» from «this engine cannot do that»."""
    return isinstance(body.get("expected"), list)


def _body(answer: Answer) -> JsonObject:
    try:
        return dict_of(json_of(answer))
    except ContractChanged:
        return {}


def _words(answer: Answer) -> str:
    """Return WAHA's own words, without phones: an error may repeat the whole request."""
    body = _body(answer)
    words = body.get("message") or body.get("error")
    listed = ", ".join(map(str, words)) if isinstance(words, list) else text_of(words)
    return "".join("*" if char.isdigit() else char for char in listed)[:_SAMPLE] or "без причины"
