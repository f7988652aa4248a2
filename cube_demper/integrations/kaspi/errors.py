"""The one place where Kaspi's answers and the network's failures become errors of ours."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import orjson

from cube_demper.core.errors import (
    ContractChanged,
    CredentialsRejected,
    IntegrationError,
    OutcomeUnknown,
    RateLimited,
    Refused,
    Unreachable,
)
from cube_demper.integrations.kaspi.limits.rules import EGRESS_BAN, STORE_BAN, Host
from cube_demper.integrations.proxies.egress_client import Answer, TransportFailed

_SAMPLE_LENGTH = 300
_SECRETS = re.compile(
    r"[\w.+-]+@[\w.-]+|\+?\d[\d ()-]{8,}\d"
    r"|(?i:\"?(?:mc-sid|mc-session|token|password|cookie|session)\w*\"?\s*[:=]\s*)\"?[^\s\",;&<]+"
)
_PAUSE = timedelta(seconds=60)
_EGRESS_BLOCKS = {403, 429, 526}
_REFUSALS = {400, 403, 409, 422}
_ORDER_REFUSALS = _REFUSALS | {404}


class EgressBlocked(RateLimited):
    """Kaspi закрыл доступ с этого адреса на несколько секунд."""

    code = "egress_blocked"


class StoreBlocked(RateLimited):
    """Kaspi остановил изменение цен этого магазина."""

    code = "store_blocked"


class ChangesSpent(RateLimited):
    """Лимит изменений цен за 30 минут исчерпан."""

    code = "changes_spent"


class OrderRefused(Refused):
    """Kaspi отказал."""

    code = "order_refused"

    def __init__(self, titles: tuple[str, ...]) -> None:
        """`titles`: what Kaspi says, in its own words."""
        super().__init__(f"Kaspi отказал: {redacted_sample('; '.join(titles))}")
        self.titles = titles


def from_transport(error: TransportFailed, *, is_send: bool) -> IntegrationError:
    """Turn a failure of the network into ours: for a send, «did it leave?» decides."""
    if is_send and error.has_left:
        return OutcomeUnknown()
    return Unreachable(f"Kaspi не отвечает ({error.cause}). Повторим позже.")


def from_status(
    answer: Answer, host: Host, *, is_send: bool, is_feed: bool | None = None, now: datetime
) -> IntegrationError | None:
    """Return the error that this answer means; None for a success.

    `is_send`: a repetition would do harm. `is_feed`: it changes prices, None: as `is_send`.
    """
    is_feed = is_send if is_feed is None else is_feed
    status = answer.status
    if status < 300:
        return None
    is_blocked = status in _EGRESS_BLOCKS
    if host is Host.ORDERS:
        # A token is refused with data. A page is the network's refusal: it says nothing of the token.
        is_blocked = status in (403, 526) and _is_page(answer)
    if host in (Host.SHOP, Host.ORDERS) and is_blocked:
        return EgressBlocked(retry_after(answer, now) or EGRESS_BAN)
    if status == 429:
        pause = retry_after(answer, now)
        return StoreBlocked(pause or STORE_BAN) if is_feed else RateLimited(pause or _PAUSE)
    if status >= 500:
        text = f"Kaspi ответил ошибкой {status}. Повторим позже."
        return OutcomeUnknown(text) if is_send else Unreachable(text)
    return _from_client_status(answer, host)


def _from_client_status(answer: Answer, host: Host) -> IntegrationError:
    status, sample = answer.status, redacted_sample(answer.text)
    if status == 407:
        return Unreachable("Прокси не принял логин и пароль")
    if host is Host.ORDERS and status in (401, 403):
        return CredentialsRejected("Kaspi не принял токен")
    if status == 401 or (host is Host.CABINET and status < 400):
        return CredentialsRejected("Кабинет Kaspi просит войти заново")
    titles = _titles(answer) if host is Host.ORDERS else ()
    if titles and status in _ORDER_REFUSALS:
        return OrderRefused(titles)
    if status in _REFUSALS:
        return Refused(f"Kaspi отказал ({status}): {sample or 'без причины'}")
    return ContractChanged(f"Kaspi ответил {status}", sample=sample)


def retry_after(answer: Answer, now: datetime) -> timedelta | None:
    """Read Retry-After, seconds or a date; nonsense and the past are None."""
    value = answer.headers.get("Retry-After", "").strip()
    if value.isdigit():
        pause = timedelta(seconds=min(int(value), 86_400))
    else:
        try:
            pause = parsedate_to_datetime(value) - now
        except (ValueError, TypeError):
            return None
    return pause if pause > timedelta(0) else None


def read_json(answer: Answer) -> object:
    """Parse a JSON answer. Raises ContractChanged for HTML with status 200 and for broken JSON."""
    try:
        return orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        sample = redacted_sample(answer.text)
    what = "страницу вместо данных" if _is_page(answer) else "нечитаемые данные"
    raise ContractChanged(f"Kaspi прислал {what}", sample=sample)


def read_file(answer: Answer) -> bytes:
    """Return a file. Raises ContractChanged for a page or nothing in its place."""
    if not answer.content or _is_page(answer):
        raise ContractChanged("Kaspi прислал страницу вместо файла", sample="<")
    return answer.content


def _titles(answer: Answer) -> tuple[str, ...]:
    """Read `{"errors":[{"title":…}]}` (KASPI.md §4.3); () when it is something else."""
    try:
        wire = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        return ()
    errors = wire.get("errors") if isinstance(wire, dict) else None
    rows = errors if isinstance(errors, list) else []
    return tuple(str(row["title"]) for row in rows if isinstance(row, dict) and row.get("title"))


def _is_page(answer: Answer) -> bool:
    is_html = "html" in answer.headers.get("Content-Type", "")
    return is_html or answer.text.lstrip().startswith("<")


def graphql_refusal(answer: object) -> Refused | None:
    """Find the error that GraphQL hides in an answer with status 200."""
    errors = answer.get("errors") if isinstance(answer, dict) else None
    if not isinstance(errors, list) or not errors:
        return None
    first = errors[0]
    message = first.get("message") if isinstance(first, dict) else None
    return Refused(f"Кабинет Kaspi отказал: {redacted_sample(str(message or 'без причины'))}")


def redacted_sample(text: str) -> str:
    """Return the start of an answer without e-mails, phones and sessions."""
    return _SECRETS.sub("***", text[: _SAMPLE_LENGTH * 2])[:_SAMPLE_LENGTH].strip()
