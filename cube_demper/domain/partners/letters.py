"""Texts of the letters to partners."""

from __future__ import annotations

from cube_demper.domain.notifications.schemas import Letter
from cube_demper.domain.notifications.service import compose


def invite(link: str, percent: int) -> Letter:
    """Invite a partner to set their password."""
    return compose(
        "Вы партнёр Cube Demper",
        "Здравствуйте! Для вас открыт кабинет партнёра: ваши ссылки, кто по ним пришёл и сколько вы "
        f"заработали. Ваша доля — {percent}\u00a0% каждой оплаты приведённых продавцов.",
        "Задайте пароль, чтобы войти. Ссылка действует 7 дней и срабатывает один раз.",
        "Если вы не знаете, о чём речь, ничего не делайте.",
        button=("Задать пароль", link),
    )


def reset(link: str) -> Letter:
    """Carry the link to a new password."""
    return compose(
        "Новый пароль для кабинета партнёра",
        "Здравствуйте! Вы попросили задать новый пароль кабинета партнёра Cube Demper.",
        "Ссылка действует 30 минут и срабатывает один раз. После смены пароля вы выйдете на всех "
        "устройствах.",
        "Если вы этого не просили, ничего не делайте: прежний пароль продолжит работать.",
        button=("Задать новый пароль", link),
    )
