"""Every event handler is guarded: a browser can call any of them by name (STYLE.md §3.1)."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import look_only
from cube_demper.domain.accounts.rights import may_change
from cube_demper.domain.accounts.schemas import Actor, Role, SignedIn
from cube_demper.models.staff import Area
from cube_demper.ui import session

_PACKAGES = ("cube_demper.ui", "cube_demper.seller", "admin", "partner", "support")
_ROLES = (Role.USER, Role.SUPPORT, Role.ADMIN, Role.PARTNER)


@dataclass(frozen=True)
class Handler:
    """An event handler of ours as the browser can name it."""

    state: type[rx.State]
    name: str
    call: Any

    @property
    def requires(self) -> frozenset[Role]:
        return getattr(self.call, "__requires__", frozenset())

    def __str__(self) -> str:
        return f"{self.state.__name__}.{self.name}"


def _import_everything() -> None:
    for name in _PACKAGES:
        try:
            package = importlib.import_module(name)
        except ModuleNotFoundError as missing:
            if missing.name != name:
                raise
            continue
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            if module.name != f"{name}.app":  # one process can hold one app
                importlib.import_module(module.name)


def _states(root: type[rx.State]) -> Iterator[type[rx.State]]:
    for state in root.get_substates():
        yield state
        yield from _states(state)


def _handlers() -> list[Handler]:
    _import_everything()
    return [
        Handler(state, name, event.fn)
        for state in sorted(set(_states(rx.State)), key=lambda it: it.get_full_name())
        if state.__module__.startswith(_PACKAGES)
        for name, event in state.event_handlers.items()
        # `setvar` and its kin come with every State; they are the framework's own.
        if not event.fn.__module__.startswith("reflex")
    ]


_HANDLERS = _handlers()


def test_walk_finds_the_handlers() -> None:
    assert len(_HANDLERS) > 10
    assert {it.state.__module__.partition(".")[0] for it in _HANDLERS} == {
        "cube_demper",
        "admin",
        "partner",
        "support",
    }


def test_every_handler_says_who_may_call_it() -> None:
    assert not [str(handler) for handler in _HANDLERS if not handler.requires]


def test_no_state_lets_the_browser_set_its_vars() -> None:
    setters = [
        str(handler)
        for handler in _HANDLERS
        if handler.name.startswith("set_")
        and handler.name[4:] in handler.state.vars
        and not handler.requires
    ]
    assert not setters


@pytest.mark.parametrize("handler", _HANDLERS, ids=str)
async def test_handler_without_a_session_or_role_never_reaches_a_service(
    handler: Handler, monkeypatch: pytest.MonkeyPatch
) -> None:
    if Role.NOBODY in handler.requires:
        return
    reached: list[str] = []
    monkeypatch.setattr(bootstrap, "web", lambda: reached.append("services"))
    for role in (None, *(role for role in _ROLES if role not in handler.requires)):
        monkeypatch.setattr(session, "find_signed_in", _sign_in(role))
        state = handler.state()
        before = state.dict()
        answers = [answer async for answer in _answers(handler, state)]
        assert [_address(answer) for answer in answers] == ["/login"], role
        assert not reached
        assert state.dict() == before


@pytest.mark.parametrize("handler", _HANDLERS, ids=str)
async def test_a_manager_without_rights_looks_and_changes_nothing(
    handler: Handler, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a handler does with the database, it does it in a task that may not write."""
    if Role.USER not in handler.requires:
        return
    refusals: list[str] = []

    def web() -> Any:
        refusals.append(look_only(""))
        look_only(refusals[-1])
        raise PermissionDenied

    async def find(_state: rx.State) -> SignedIn:
        manager = Actor(Role.USER, uuid4(), acts_for=uuid4())
        return SignedIn(**_signed_in_fields(manager))

    monkeypatch.setattr(bootstrap, "web", web)
    monkeypatch.setattr(session, "find_signed_in", find)
    async for _ in _answers(handler, handler.state()):
        pass
    is_own = may_change(frozenset(), handler.state.__module__)
    assert all(bool(refusal) is not is_own for refusal in refusals)
    assert may_change(frozenset(Area), handler.state.__module__), "which right is this page's?"


def _sign_in(role: Role | None) -> Any:
    async def find(_state: rx.State) -> SignedIn | None:
        if role is None:
            return None
        return SignedIn(**_signed_in_fields(Actor(role, uuid4())))

    return find


def _signed_in_fields(actor: Actor) -> dict[str, Any]:
    blank: dict[str, Any] = {"actor": actor}
    for name, parameter in inspect.signature(SignedIn).parameters.items():
        if parameter.default is inspect.Parameter.empty:
            blank.setdefault(name, None)
    return blank


async def _answers(handler: Handler, state: rx.State) -> Any:
    needed = [
        parameter
        for parameter in list(inspect.signature(handler.call).parameters.values())[1:]
        if parameter.default is inspect.Parameter.empty
        and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
    ]
    result = handler.call(state, *("x" for _ in needed))
    if inspect.isasyncgen(result):
        async for answer in result:
            yield answer
    else:
        yield await result


def _address(event: Any) -> str:
    """Return where a redirect event leads, without its query."""
    arguments = {str(name): str(value) for name, value in event.args}
    path = next(value for name, value in arguments.items() if "path" in name)
    return path.strip('"').split("?")[0]
