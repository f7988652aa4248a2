"""The team and its tokens as text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from admin.words import ROLE_TONES, ROLES
from cube_demper.domain.accounts.schemas import StaffPerson
from cube_demper.domain.accounts.tokens import WORDS, Scope
from cube_demper.models.accounts import AdminToken
from cube_demper.ui.format import age, day


@dataclass
class MemberLine:
    """One of us."""

    id: str
    name: str
    email: str
    role: str
    tone: str
    second: str
    second_tone: str
    seen: str
    is_blocked: bool
    is_self: bool


@dataclass
class TokenLine:
    """A token of a program."""

    id: str
    title: str
    whose: str
    scopes: str
    ends: str
    used: str
    is_over: bool


def member_line(it: StaffPerson, me: str, now: datetime) -> MemberLine:
    """Put a member into a line."""
    return MemberLine(
        id=str(it.id),
        name=it.name or it.email,
        email=it.email if it.name else "",
        role="Доступ закрыт" if it.is_blocked else ROLES[it.role],
        tone="red" if it.is_blocked else ROLE_TONES[it.role],
        second="включён" if it.has_second_factor else "нет",
        second_tone="green" if it.has_second_factor else "amber",
        seen=age(it.last_seen_at, now) if it.last_seen_at else "ещё не заходил",
        is_blocked=it.is_blocked,
        is_self=str(it.id) == me,
    )


def token_line(it: AdminToken, whose: str, now: datetime) -> TokenLine:
    """Put a token into a line."""
    is_over = it.expires_at <= now
    scopes = [WORDS[Scope(scope)] for scope in it.scopes if scope in set(Scope)]
    used = f"{age(it.last_used_at, now)} с {it.last_ip}" if it.last_used_at else "не использовался"
    return TokenLine(
        id=str(it.id),
        title=it.title,
        whose=whose,
        scopes=", ".join(scopes),
        ends="истёк" if is_over else f"до {day(it.expires_at)}",
        used=used,
        is_over=is_over,
    )
