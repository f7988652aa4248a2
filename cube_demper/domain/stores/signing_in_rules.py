"""Reading and wording of sign-ins to Kaspi. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from cube_demper.core.errors import InvalidFields, InvalidInput
from cube_demper.core.ids import token_hash
from cube_demper.domain.stores.signing_in_schemas import CodeBy, SignInForm
from cube_demper.models.stores import LoginRefusal, LoginStep

LIFE = timedelta(minutes=10)
TRIES_WINDOW = timedelta(hours=1)
TRIES = 3
"""Sign-ins of one account an hour (DESIGN §6): more provokes Kaspi's flood errors."""
WRONG_CODES = 3
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_CODE = re.compile(r"\d{4,8}")
_LONGEST = 200

STEP_WORDS: Mapping[LoginStep, str] = MappingProxyType(
    {
        LoginStep.OPENING: "Открываем Kaspi…",
        LoginStep.CODE: "Введите код из SMS",
        LoginStep.CHECKING: "Проверяем код…",
        LoginStep.SHOP: "Выберите магазин",
        LoginStep.ENTERING: "Подключаем магазин…",
        LoginStep.DONE: "Магазин подключён",
        LoginStep.REFUSED: "Войти не получилось",
        LoginStep.CANCELLED: "Вход отменён",
    }
)
REFUSAL_WORDS: Mapping[LoginRefusal, str] = MappingProxyType(
    {
        LoginRefusal.WRONG_PASSWORD: "Kaspi не принял почту или пароль. Проверьте их и войдите снова.",
        LoginRefusal.WRONG_CODE: "Код не подошёл несколько раз. Начните вход заново.",
        LoginRefusal.FLOOD: "Kaspi просит подождать: кодов запрошено слишком много.",
        LoginRefusal.EXPIRED: "Время на вход вышло: на него даётся 10 минут. Начните заново.",
        LoginRefusal.NO_SHOPS: "Вход удался, но у этой учётной записи нет магазинов на Kaspi.",
        LoginRefusal.OTHER_STORE: (
            "Эта учётная запись открывает другой магазин. Войдите той, что управляет этим."
        ),
        LoginRefusal.TAKEN: (
            "Этот магазин уже подключён другим пользователем. Если он ваш, напишите в поддержку."
        ),
        LoginRefusal.INTERRUPTED: (
            "Связь оборвалась, пока Kaspi проверял код: код мог быть верным, но ответ потерялся."
            " Начните заново, Kaspi пришлёт новый."
        ),
        LoginRefusal.UNREACHABLE: "Kaspi не отвечает. Попробуйте через несколько минут.",
        LoginRefusal.CONTRACT_CHANGED: (
            "Kaspi изменил страницу входа. Мы уже разбираемся, попробуйте позже."
        ),
    }
)


def words(step: LoginStep, code_by: CodeBy | None, refusal: LoginRefusal | None) -> str:
    """Return the live text of a sign-in."""
    if refusal is not None:
        return REFUSAL_WORDS[refusal]
    if step is LoginStep.CODE and code_by is CodeBy.MAIL:
        return "Введите код из письма Kaspi"
    return STEP_WORDS[step]


def read_form(form: SignInForm) -> SignInForm:
    """Return the form cleaned up. Raises InvalidInput naming the field, InvalidFields for both."""
    if form.phone.strip():
        return SignInForm(phone=_phone(form.phone), store_id=form.store_id)
    email = form.email.strip().lower()
    faults: dict[str, str] = {}
    if not _EMAIL.fullmatch(email) or len(email) > _LONGEST:
        faults["email"] = "Укажите почту, с которой входите в Kaspi"
    if not form.password or len(form.password) > _LONGEST:
        faults["password"] = "Укажите пароль от кабинета Kaspi"  # noqa: S105 - a sentence
    if faults:
        raise InvalidFields(faults)
    return SignInForm(email, "", form.password, form.keep_password, form.store_id)


def read_code(code: str) -> str:
    """Return the digits of a code. Raises InvalidInput."""
    digits = re.sub(r"[\s-]", "", code)
    if not _CODE.fullmatch(digits):
        raise InvalidInput("Код состоит из цифр: введите его, как в сообщении", field="code")
    return digits


def account_hash(account: str) -> str:
    """Name an account without keeping it."""
    return token_hash(account.strip().lower()).hex()


def masked(account: str) -> str:
    """Hide the middle of an e-mail or a phone: «se•••@example.kz», «+7 ••• ••• 45 67»."""
    name, at, host = account.partition("@")
    if at:
        return f"{name[: min(2, len(name) - 1)]}•••@{host}"
    return f"+7 ••• ••• {account[-4:-2]} {account[-2:]}"


def _phone(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    if len(digits) == 10:
        digits = f"7{digits}"
    if len(digits) == 11 and digits[0] == "8":
        digits = f"7{digits[1:]}"
    if len(digits) != 11 or not digits.startswith("77"):
        raise InvalidInput("Укажите номер полностью: +7 7XX XXX XX XX", field="phone")
    return f"+{digits}"
