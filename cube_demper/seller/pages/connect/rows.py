"""What the page of connecting shows, as text. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote

from cube_demper.domain.stores.signing_in_schemas import CodeBy, SignInStep
from cube_demper.models.stores import LoginRefusal, LoginStep
from cube_demper.models.syncing import SyncState
from cube_demper.seller.pages.connect.reading import Picture
from cube_demper.seller.pages.stores.rows import REAUTH_WORDS, SyncView, sync_view
from cube_demper.ui.format import iso
from cube_demper.ui.support import with_mailbox

TITLES = ("Вход в Kaspi", "Код подтверждения", "Магазин", "Товары", "Правила бота")


@dataclass
class StepView:
    """One step of the stepper. `state`: done, now or ahead."""

    number: int = 0
    title: str = ""
    note: str = ""
    state: str = "ahead"


@dataclass
class ShopView:
    """One of several shops of an account."""

    uid: str = ""
    name: str = ""


def steps(now: int, notes: tuple[str, str, str, str, str]) -> list[StepView]:
    """Return the stepper with step `now` (from 1) under way; 6 = all done."""
    return [
        StepView(number, title, note, _state(number, now))
        for number, (title, note) in enumerate(zip(TITLES, notes, strict=True), 1)
    ]


def _state(number: int, now: int) -> str:
    if number < now:
        return "done"
    return "now" if number == now else "ahead"


@dataclass
class ConnectView:
    """Where the connecting stands. `screen`: form, wait, code, shop or sync."""

    screen: str = "form"
    login_id: str = ""
    account: str = ""
    is_phone: bool = False
    words: str = ""
    note: str = ""
    refusal: str = ""
    support: str = ""
    retry_at: str = ""
    is_served: bool = True
    expires_at: str = ""
    number: int = 1
    steps: list[StepView] = field(default_factory=list)
    shops: list[ShopView] = field(default_factory=list)
    store_id: str = ""
    store_name: str = ""
    is_empty: bool = False
    sync: SyncView = field(default_factory=SyncView)
    is_again: bool = False
    email: str = ""
    why_again: str = ""


_SCREENS = {
    LoginStep.OPENING: ("wait", 1),
    LoginStep.CODE: ("code", 2),
    LoginStep.CHECKING: ("wait", 2),
    LoginStep.SHOP: ("shop", 3),
    LoginStep.ENTERING: ("wait", 3),
    LoginStep.DONE: ("sync", 4),
    LoginStep.REFUSED: ("form", 1),
    LoginStep.CANCELLED: ("form", 1),
}


def view_of(picture: Picture) -> ConnectView:
    """Put the sign-in into words."""
    step, again, made = picture.step, picture.again, picture.made
    screen, number = _SCREENS[step.step] if step else ("form", 1)
    sync = made.sync if made else None
    if made and sync and sync.state is SyncState.DONE:
        number = 5
    view = ConnectView(
        screen=screen,
        number=number,
        steps=steps(number, _notes(picture)),
        sync=sync_view(sync),
        is_served=picture.is_served,
    )
    if again is not None:
        reason = again.bot.reauth_reason
        view.is_again, view.email, view.store_name = True, again.email, again.bot.name
        view.why_again = REAUTH_WORDS.get(reason, "") if reason else ""
    if step is not None:
        _tell(view, step)
        view.refusal = with_mailbox(view.refusal, picture.support)
        view.support = _support(step, picture.support)
    if made is not None:
        view.store_id, view.store_name = str(made.bot.id), made.bot.name
        view.is_empty = made.shelf.goods == 0
    return view


def _tell(view: ConnectView, step: SignInStep) -> None:
    view.login_id, view.account = str(step.id), step.account
    view.is_phone = step.code_by is CodeBy.SMS
    view.words, view.note = step.words, step.note
    view.refusal = step.words if step.step is LoginStep.REFUSED else ""
    view.retry_at, view.expires_at = iso(step.retry_at), iso(step.expires_at)
    view.shops = [ShopView(shop.uid, shop.name) for shop in step.shops]


def _support(step: SignInStep, mailbox: str) -> str:
    """Return a letter to support for a store that somebody else has signed in to, else nothing."""
    if step.refusal is not LoginRefusal.TAKEN or not mailbox:
        return ""
    subject = quote("Мой магазин подключён другим пользователем")
    body = quote(f"Вход {step.id}, учётная запись Kaspi {step.account}.\nНазвание магазина: ")
    return f"mailto:{mailbox}?subject={subject}&body={body}"


def _notes(picture: Picture) -> tuple[str, str, str, str, str]:
    step, made = picture.step, picture.made
    by_mail = step is not None and step.code_by is CodeBy.MAIL
    return (
        step.account if step else "почта или телефон",
        "из письма" if by_mail else "если Kaspi попросит",
        made.bot.name if made else "если их несколько",
        "загрузим каталог",
        "мин. цены и советы",
    )
