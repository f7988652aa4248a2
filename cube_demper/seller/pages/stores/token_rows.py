"""What the page says of a store's orders token, as text: the browser formats nothing."""

from __future__ import annotations

from dataclasses import dataclass

from cube_demper.domain.orders.schemas import TokenView
from cube_demper.models.orders import TokenOrigin, TokenProblem, TokenTask
from cube_demper.ui.format import counted, moment

_ORDERS = ("заказ", "заказа", "заказов")
_FORGOTTEN = "Мы его не сохранили."
_TROUBLES = {
    TokenProblem.OTHER_STORE: (
        "{named} — другого магазина",
        f"По нему видны заказы чужой точки продаж. Возьмите токен в своём кабинете. {_FORGOTTEN}",
    ),
    TokenProblem.TAKEN: (
        "{named} — другого магазина",
        f"У каждого магазина свой токен, а этот уже подключён к другому. {_FORGOTTEN}",
    ),
    TokenProblem.NO_RIGHT: (
        "Кабинет не показал токен",
        "Его видит только руководитель компании. Войдите его учётной записью или вставьте токен.",
    ),
    TokenProblem.SIGNED_OUT: (
        "Вход в Kaspi истёк",
        "Токен берётся из кабинета: сначала войдите заново.",
    ),
    TokenProblem.NO_ANSWER: (
        "Kaspi не отвечал сутки",
        "Проверить токен не удалось, и мы его стёрли. Попробуйте ещё раз.",
    ),
}


@dataclass
class TokenRow:
    """A store's token on its card and in its panel. `tail` is "" when there is none.

    `title` and `text`: what stands in the way, in the colour `tone_of_trouble`. `doing`: what goes on.
    """

    words: str = "не добавлен"
    tone: str = "gray"
    tail: str = ""
    origin: str = ""
    checked: str = ""
    orders: str = ""
    whose: str = ""
    doing: str = ""
    title: str = ""
    text: str = ""
    is_passing: bool = False


def token_row(token: TokenView | None) -> TokenRow:
    """Put a token into words."""
    if token is None:
        return TokenRow()
    words, tone = _words(token)
    title, text = _trouble(token)
    return TokenRow(
        words=words,
        tone=tone,
        tail=token.tail,
        origin=_origin(token),
        checked=moment(token.checked_at) if token.checked_at else "",
        orders=_orders(token),
        whose=_whose(token),
        doing=_doing(token),
        title=title,
        text=text,
        is_passing=token.problem is TokenProblem.UNREACHABLE,
    )


def _words(token: TokenView) -> tuple[str, str]:
    if token.problem is TokenProblem.UNREACHABLE and not token.works:
        return "Kaspi не отвечает, пробуем ещё", "amber"
    if token.task is not None and not token.works:
        return "проверяем…", "blue"
    if token.works:
        return f"•••• {token.tail}, работает", "green"
    if token.tail:
        return f"•••• {token.tail}: Kaspi его больше не принимает", "red"
    return "не подошёл" if token.problem else "не добавлен", "amber" if token.problem else "gray"


def _origin(token: TokenView) -> str:
    if token.origin is None or token.accepted_at is None:
        return ""
    how = "взят из кабинета" if token.origin is TokenOrigin.CABINET else "вставлен вами"
    return f"{how} {moment(token.accepted_at)}"


def _orders(token: TokenView) -> str:
    if token.orders_seen is None:
        return ""
    return f"{counted(token.orders_seen, *_ORDERS)} за 13 дней" if token.orders_seen else "не было"


def _whose(token: TokenView) -> str:
    if not token.works or token.is_matched:
        return ""
    return "Kaspi токен принял, но заказов с точкой этого магазина пока нет: проверьте сами, что он от него."


def _doing(token: TokenView) -> str:
    if token.task is None or token.problem is TokenProblem.UNREACHABLE:
        return ""
    return {
        TokenTask.FETCH: "Берём токен из кабинета и проверяем его…",
        TokenTask.TRY: f"Проверяем токен …{token.offered_tail} в Kaspi…",
        TokenTask.RECHECK: f"Проверяем токен …{token.tail} ещё раз…",
    }[token.task]


def _trouble(token: TokenView) -> tuple[str, str]:
    if token.problem is None:
        return "", ""
    stays = f" Прежний токен …{token.tail} работает." if token.works else ""
    if token.problem is TokenProblem.UNREACHABLE:
        return "Kaspi не отвечает", _waiting(token) + stays
    if token.problem is TokenProblem.WRONG:
        return _wrong(token, stays)
    title, text = _TROUBLES[token.problem]
    named = f"Токен …{token.offered_tail}" if token.offered_tail else "Токен из кабинета"
    return title.format(named=named), text + stays


def _wrong(token: TokenView, stays: str) -> tuple[str, str]:
    if token.offered_tail:
        why = "Kaspi его не принял: он скопирован не целиком или уже заменён новым."
        return f"Токен …{token.offered_tail} не подошёл", f"{why} {_FORGOTTEN}{stays}"
    if token.rejected_at:
        return (
            f"Kaspi больше не принимает токен …{token.tail}",
            "Похоже, в кабинете сформировали новый. Возьмите его из кабинета или вставьте.",
        )
    why = "Кабинет отдал токен, а Kaspi его не принял. Попробуйте через несколько минут."
    return "Токен из кабинета не подошёл", why + stays


def _waiting(token: TokenView) -> str:
    if token.task is TokenTask.TRY:
        return (
            f"Токен …{token.offered_tail} сохранён зашифрованным, но пока не используется:"
            " проверим его сами, как только Kaspi ответит."
        )
    return "Попробуем сами, как только Kaspi ответит. Ждать на этой странице не нужно."
