"""Pure decisions of the partner programme: codes, cookies, commissions, signs of fraud."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from secrets import choice
from uuid import UUID

from cube_demper.core.ids import find_id
from cube_demper.core.money import percent_of
from cube_demper.domain.partners.schemas import Doubt, Touch

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0 and O, 1, I and L: a code is read aloud and typed by ear."""
CODE_LENGTH = 6
_LOOKALIKES = str.maketrans({"А": "A", "В": "B", "Е": "E", "К": "K", "М": "M", "Н": "H", "Р": "P",
                             "С": "C", "Т": "T", "У": "Y", "Х": "X"})  # fmt: skip

SAME_VISITOR = timedelta(minutes=30)
"""A visitor who opens the same link again within it is one visit (the web's usual session)."""
MOST_REPEATS = 5
"""Rows kept of one visitor and link within SAME_VISITOR; further ones leave no trace."""
CLICKS_KEPT = timedelta(days=400)
"""Longer than any cookie lives; their figures by day are kept for good."""

MANY_FROM_ADDRESS = 3
ADDRESS_WINDOW = timedelta(days=30)
REFUND_SHARE = Decimal("0.25")
"""From a quarter of payments refunded on, new ones wait (FEATURES §4: FirstPromoter's threshold)."""
REFUNDS_FROM = 4
"""Payments before which a share says nothing."""

_DOMAINS = """
10minutemail.com 20minutemail.com dispostable.com dropmail.me emailondeck.com fakeinbox.com
getnada.com guerrillamail.com guerrillamail.info inboxkitten.com mail.tm mail7.io mailcatch.com
maildrop.cc mailinator.com mailnesia.com mailsac.com minuteinbox.com moakt.com mohmal.com
mytemp.email nada.email sharklasers.com spam4.me temp-mail.io temp-mail.org tempail.com
tempmail.plus tempmailo.com throwawaymail.com trashmail.com yopmail.com
"""
_THROWAWAY = frozenset(_DOMAINS.split())


@dataclass(frozen=True, slots=True)
class Terms:
    """The programme's rules at a moment: `min_payout` in tiyn, the rest in days and percent."""

    touch: Touch = Touch.FIRST
    cookie_days: int = 90
    hold_days: int = 14
    min_payout: int = 500_000
    referral_percent: int = 10


def new_code() -> str:
    """Draw a code of 30 bits: nobody types another's by mistake."""
    return "".join(choice(ALPHABET) for _ in range(CODE_LENGTH))


def read_code(text: str) -> str:
    """Return a typed or spoken code in its normal form: capitals, Cyrillic lookalikes as Latin."""
    kept = "".join(sign for sign in text.upper() if sign.isalnum())
    return kept.translate(_LOOKALIKES)[:12]


def cookie_of(code: str, click_id: UUID | None) -> str:
    """Return what the browser keeps of a click."""
    return f"{code}.{click_id or ''}"


def read_cookie(value: str) -> tuple[str, UUID | None]:
    """Read `cookie_of` back; nonsense is an empty code."""
    code, _, click = value.partition(".")
    is_ours = 0 < len(code) <= 12 and all(sign in ALPHABET for sign in code)
    return (code, find_id(click)) if is_ours else ("", None)


_YANDEX = frozenset({"ya.ru", "yandex.ru", "yandex.kz", "yandex.com", "yandex.by"})
"""Every box of Yandex has all of these addresses, and its dots may be written as dashes."""


def same_mailbox(one: str, other: str) -> bool:
    """Tell whether two e-mails reach one person: tags, Gmail's dots, Yandex's domains are the same box."""
    return _mailbox(one) == _mailbox(other)


def _mailbox(email: str) -> str:
    name, _, domain = email.strip().lower().rpartition("@")
    name = name.partition("+")[0]
    if domain in ("gmail.com", "googlemail.com"):
        name, domain = name.replace(".", ""), "gmail.com"
    if domain in _YANDEX:
        name, domain = name.replace("-", "."), "yandex.ru"
    return f"{name}@{domain}"


def is_throwaway(email: str) -> bool:
    """Tell whether a mailbox is of a service that gives one for ten minutes."""
    return email.rpartition("@")[2].lower() in _THROWAWAY


@dataclass(frozen=True, slots=True)
class SignUp:
    """What is known of a seller at sign-up, beside the partner who brought them."""

    email: str
    partner_email: str
    is_partner_address: bool
    """A session of the partner came from the same address."""
    is_partner_device: bool
    """… and with the same browser."""
    from_address: int
    """Sign-ups this partner brought from that address of late, this one included."""


def doubts_at_sign_up(it: SignUp) -> list[Doubt]:
    """Return the signs of fraud; SELF alone refuses, the others hold money for a person to decide."""
    if same_mailbox(it.email, it.partner_email):
        return [Doubt.SELF]
    signs = {
        Doubt.OWN_DEVICE: it.is_partner_device,
        Doubt.OWN_ADDRESS: it.is_partner_address and not it.is_partner_device,
        Doubt.MANY_FROM_ADDRESS: it.from_address >= MANY_FROM_ADDRESS,
        Doubt.THROWAWAY_MAIL: is_throwaway(it.email),
    }
    return [doubt for doubt, is_there in signs.items() if is_there]


def has_many_refunds(payments: int, refunded: int) -> bool:
    """Tell whether too many payments of a partner's sellers were given back."""
    return payments >= REFUNDS_FROM and Decimal(refunded) / payments >= REFUND_SHARE


@dataclass(frozen=True, slots=True)
class Due:
    """What a payment earns a partner now. Sums in tiyn."""

    commission: int
    """At first, of all that was paid by money."""
    left: int
    """After refunds."""


def due(money: int, refunded: int, percent: int) -> Due:
    """Count the commission of a payment: of money alone, balances and gifts earn nothing.

    Counting what is left anew, and not each refund's share, leaves no rounding behind: a payment
    refunded in ten parts leaves exactly nothing.
    """
    left = max(0, money - max(0, refunded))
    share = Decimal(percent)
    return Due(percent_of(money, share), percent_of(left, share))


def is_alive(clicked_at: datetime, terms: Terms, now: datetime) -> bool:
    """Tell whether a click may still bind a seller."""
    return timedelta(0) <= now - clicked_at <= timedelta(days=terms.cookie_days)


def keeps_first(terms: Terms, earlier: Sequence[datetime], now: datetime) -> bool:
    """Tell whether an earlier click that is still alive stays the one that counts."""
    return terms.touch is Touch.FIRST and any(is_alive(at, terms, now) for at in earlier)
