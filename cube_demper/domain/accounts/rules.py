"""Pure decisions about accounts: lifetimes, who may enter which app, what a password must be."""

from __future__ import annotations

from datetime import timedelta

from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts.schemas import Role

LOGIN_CODE_LIFE = timedelta(seconds=30)
EMAIL_TOKEN_LIFE = timedelta(days=3)
RESET_TOKEN_LIFE = timedelta(minutes=30)
SESSION_LIFE = timedelta(days=30)
SECOND_TOKEN_LIFE = timedelta(minutes=10)
"""How long a sign-in waits for the second factor."""
VISIT_LIFE = timedelta(minutes=30)
"""How long an admin may look through a seller's eyes."""
VISIT_SIGN = "visit."
PROOF_LIFE = timedelta(minutes=10)
"""How long a password asked again lets a session do what is dangerous."""
SEEN_EVERY = timedelta(minutes=5)
"""How often `last_seen_at` is written; reading the session happens on every event."""

APP_ROLES: dict[CubeApp, frozenset[Role]] = {
    CubeApp.SELLER: frozenset({Role.USER}),
    CubeApp.ADMIN: frozenset({Role.ADMIN}),
    CubeApp.SUPPORT: frozenset({Role.SUPPORT, Role.ADMIN}),
    CubeApp.PARTNER: frozenset(),
}

PASSWORD_MIN = 10
PASSWORD_MAX = 200
_MIN_DIFFERENT = 5
_COMMON_TEXT = """
1234567890 0123456789 0987654321 12345678910 123456789a 1q2w3e4r5t 1q2w3e4r5t6y
1qaz2wsx3edc qwertyuiop qwerty12345 qwerty123456 qwerty1234 qazwsxedcrfv asdfghjkl1
zxcvbnm123 password12 password123 password1234 password12345 passw0rd123 iloveyou123
administrator welcome1234 letmein1234 qwerty7777 йцукенгшщз йцукен12345 йцукенгшщзх
пароль1234 пароль12345 пароль123456 казахстан1 казахстан2026 kazakhstan kazakhstan1
kaspi12345 kaspi123456 kaspikz123 kaspishop1 almaty12345 astana12345 cubedemper
cubedemper1 cube-demper магазин123 привет12345
"""
_COMMON = frozenset(_COMMON_TEXT.split())
"""Passwords of 10 signs and more that lists of leaks begin with, and their local cousins."""


def password_fault(password: str, email: str) -> str | None:
    """Say what is wrong with a new password, or None. Length and guessability count, not kinds of signs."""
    if len(password) < PASSWORD_MIN:
        return f"Пароль короткий: нужно не меньше {PASSWORD_MIN} знаков."
    if len(password) > PASSWORD_MAX:
        return f"Пароль длинный: можно не больше {PASSWORD_MAX} знаков."
    lowered = password.lower()
    name = email.partition("@")[0].lower()
    if lowered in _COMMON or len(set(lowered)) < _MIN_DIFFERENT:
        return "Такой пароль легко подобрать. Возьмите, например, несколько слов подряд."
    if len(name) >= 4 and name in lowered:
        return "Пароль не должен содержать вашу почту."
    return None


def local_path(address: str, home: str = "/products") -> str:
    """Return `address` if it is a path of this site, else `home`: never leads to another site."""
    if not address.startswith("/") or address[:2] in ("//", "/\\"):
        return home
    if any(sign in address for sign in "\\\r\n\t"):
        return home
    return address
