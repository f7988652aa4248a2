"""Texts of the letters about an account."""

from __future__ import annotations

from cube_demper.domain.notifications.schemas import Letter
from cube_demper.domain.notifications.service import compose


def confirm_email(link: str) -> Letter:
    """Ask the owner of a mailbox to confirm it."""
    return compose(
        "Подтвердите почту для Cube Demper",
        "Здравствуйте! Осталось подтвердить почту, и можно подключать магазин на Kaspi.",
        "Ссылка действует 3 дня.",
        "Если вы не регистрировались, ничего не делайте: без подтверждения магазин не подключить.",
        button=("Подтвердить почту", link),
    )


def already_registered(sign_in: str, reset: str) -> Letter:
    """Tell somebody who signs up again that they are known."""
    return compose(
        "Вы уже зарегистрированы в Cube Demper",
        "Здравствуйте! Кто-то, скорее всего вы, регистрируется с этой почтой, но учётная запись "
        "уже есть. Войдите со своим паролем.",
        f"Пароль забыт? Задайте новый: {reset}",
        "Если это были не вы, ничего делать не нужно.",
        button=("Войти", sign_in),
    )


def reset_password(link: str) -> Letter:
    """Carry the link to a new password."""
    return compose(
        "Новый пароль для Cube Demper",
        "Здравствуйте! Вы попросили задать новый пароль.",
        "Ссылка действует 30 минут и срабатывает один раз. После смены пароля вы выйдете на всех "
        "устройствах.",
        "Если вы этого не просили, ничего не делайте: прежний пароль продолжит работать.",
        button=("Задать новый пароль", link),
    )


def password_changed(reset: str, support: str) -> Letter:
    """Tell the owner that the password is another now; `support`: the mailbox that answers."""
    return compose(
        "Пароль в Cube Demper изменён",
        "Здравствуйте! Пароль вашей учётной записи только что изменён, другие сеансы завершены.",
        f"Если это сделали не вы, сразу задайте новый пароль и напишите в поддержку: {support}.",
        button=("Задать новый пароль", reset),
    )


def staff_welcome(link: str) -> Letter:
    """Let a new member of our own staff set a password."""
    return compose(
        "Вас добавили в команду Cube Demper",
        "Здравствуйте! Для вас создана учётная запись сотрудника. Осталось задать пароль.",
        "Ссылка действует 3 дня и срабатывает один раз.",
        button=("Задать пароль", link),
    )


def staff_invite(owner: str, areas: str, link: str) -> Letter:
    """Invite a manager to a seller's cabinet."""
    return compose(
        f"{owner} приглашает вас в Cube Demper",
        f"Здравствуйте! {owner} приглашает вас помогать с магазином на Kaspi. {areas}",
        "Ссылка действует 7 дней. Если у вас ещё нет учётной записи, зарегистрируйтесь с этой почтой.",
        "Если вы не знаете, о чём речь, ничего не делайте.",
        button=("Принять приглашение", link),
    )
