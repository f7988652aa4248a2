"""The one door of event handlers: who may, and what a person reads when something fails.

`@guarded(Role.USER)` stands where `@rx.event` would: it registers the handler, reads the session
anew, sets `session.current_actor()` and turns errors into words. `@guarded(Role.NOBODY)` says
that a handler is public. `__requires__` on the handler is what tests/architecture checks.
"""

from __future__ import annotations

import functools
import inspect
import secrets
from collections.abc import AsyncIterator, Callable
from typing import Any

import reflex as rx
from reflex.istate.proxy import StateProxy
from structlog import get_logger

from cube_demper.core.errors import CubeError, InvalidInput
from cube_demper.domain.accounts.rights import may_change
from cube_demper.domain.accounts.schemas import NOBODY, Actor, Role
from cube_demper.domain.billing.errors import PlanLacks
from cube_demper.ui import session, toasts
from cube_demper.ui.early_submit import show_wrong_field
from cube_demper.ui.support import with_support

_log = get_logger()


class FormErrors(rx.State, mixin=True):
    """Errors of a form by field; InvalidInput with a `field` lands here, all others in a toast.

    The first wrong field of the form is brought into view and gets the cursor.

    A handler clears `errors` when it starts and sets `is_busy` while it works; after an error the
    guard puts `is_busy` back. A form that shows `errors["form"]` starts with `{"form": ""}` instead:
    then what belongs to no field lands there and not in a toast.
    """

    errors: dict[str, str] = {}  # noqa: RUF012 - a Reflex var, copied per state
    is_busy: bool = False


def guarded(*roles: Role, background: bool = False, **options: Any) -> Callable[[Any], Any]:
    """Register an event handler for people with one of `roles`; `options` are those of `rx.event`."""
    if not roles:
        raise TypeError("guarded() needs a role; Role.NOBODY makes a handler public")
    requires = frozenset(roles)

    def decorate(handler: Callable[..., Any]) -> Any:
        wrapper = _stream(handler, requires) if _yields(handler) else _call(handler, requires)
        wrapper.__requires__ = requires  # type: ignore[attr-defined]
        return rx.event(wrapper, background=background or None, **options)

    return decorate


def _yields(handler: Callable[..., Any]) -> bool:
    return inspect.isasyncgenfunction(handler) or inspect.isgeneratorfunction(handler)


def _call(handler: Callable[..., Any], requires: frozenset[Role]) -> Callable[..., Any]:
    @functools.wraps(handler)
    async def guarded_call(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            if not await _admit(self, requires):
                return session.to_sign_in(self)
            result = handler(self, *args, **kwargs)
            return await result if inspect.isawaitable(result) else result
        except Exception as error:  # noqa: BLE001 - the UI boundary: everything ends here in words
            return await _answer(self, error, handler)
        finally:
            session.set_actor(None)

    return guarded_call


def _stream(handler: Callable[..., Any], requires: frozenset[Role]) -> Callable[..., Any]:
    @functools.wraps(handler)
    async def guarded_stream(self: Any, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        try:
            if not await _admit(self, requires):
                yield session.to_sign_in(self)
                return
            async for event in _events(handler(self, *args, **kwargs)):
                yield event
        except Exception as error:  # noqa: BLE001 - the UI boundary: everything ends here in words
            yield await _answer(self, error, handler)
        finally:
            session.set_actor(None)

    return guarded_stream


async def _events(stream: Any) -> AsyncIterator[Any]:
    if inspect.isasyncgen(stream):
        async for event in stream:
            yield event
        return
    try:
        while True:
            yield next(stream)
    except StopIteration as stop:
        if stop.value is not None:
            yield stop.value


async def _admit(state: Any, requires: frozenset[Role]) -> bool:
    if Role.NOBODY in requires:
        session.set_actor(NOBODY)
        return True
    signed = await session.find_signed_in(state)
    if signed is None or signed.actor.role not in requires:
        return False
    refusal = _refusal(signed.actor, state.__class__.__module__)
    session.set_actor(signed.actor, refusal=refusal, found=signed)
    return True


def _refusal(actor: Actor, module: str) -> str:
    """Return what a manager reads who changes something on this page without the right to."""
    if actor.acts_for is None:
        return ""
    is_visit = actor.impersonated_by is not None
    return "" if may_change(actor.rights, module, is_visit=is_visit) else actor.refusal


async def _answer(state: Any, error: Exception, handler: Callable[..., Any]) -> Any:
    known = state.__class__.vars
    faults = _faults_of(state, error) if "errors" in known else {}
    changes: dict[str, Any] = {"is_busy": False} if "is_busy" in known else {}
    if faults:
        changes["errors"] = {**state.errors, **faults}
    await _assign(state, changes)
    return show_wrong_field() if faults else _toast(error, handler)


def _faults_of(state: Any, error: Exception) -> dict[str, str]:
    if isinstance(error, InvalidInput) and error.faults:
        return {name: with_support(text) for name, text in error.faults.items()}
    if isinstance(error, CubeError) and "form" in state.errors and not isinstance(error, PlanLacks):
        return {"form": with_support(error.message)}
    return {}


def _toast(error: Exception, handler: Callable[..., Any]) -> Any:
    if isinstance(error, PlanLacks):
        plan = error.cheapest_plan
        return toasts.offer(error.message, f"Выбрать {plan.upper()}", f"/billing?plan={plan}")
    if isinstance(error, CubeError):
        return rx.toast.error(with_support(error.message))
    number = secrets.token_hex(4).upper()
    _log.error("event_failed", number=number, handler=handler.__qualname__, exc_info=error)
    return rx.toast.error(f"Что-то пошло не так. Номер ошибки {number}", duration=15_000)


async def _assign(state: Any, changes: dict[str, Any]) -> None:
    if not changes:
        return
    if isinstance(state, StateProxy):
        async with state:
            await _assign(state.__wrapped__, changes)
        return
    for name, value in changes.items():
        setattr(state, name, value)
