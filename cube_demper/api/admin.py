"""`/admin/…` of the admin app: what programs do to users (SPEC §10.2), by a scoped token and never a cookie.

The same service calls, permissions and audit as the pages. Described at `/admin/openapi.json`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, EmailStr, Field

from cube_demper import bootstrap
from cube_demper.api.requests import visitor_of
from cube_demper.core.errors import Conflict, CubeError, LimitReached, NotFound, PermissionDenied
from cube_demper.domain.accounts import administration, erasing, tokens
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.accounts.tokens import Scope
from cube_demper.domain.billing import extending
from cube_demper.models.accounts import UserRole
from cube_demper.models.billing import Plan

_bearer = HTTPBearer(
    auto_error=False, description="Токен из раздела «Команда» админ-панели: cube_admin_…"
)
_STATUS: tuple[tuple[type[CubeError], int], ...] = (
    (tokens.TokenRefused, 401),
    (PermissionDenied, 403),
    (NotFound, 404),
    (Conflict, 409),
    (LimitReached, 429),
)


class Reason(BaseModel):
    """Why, for the audit."""

    reason: str = Field("", max_length=300)


class Deletion(BaseModel):
    """Why, for the audit: required."""

    reason: str = Field(min_length=3, max_length=300)


class NewRole(BaseModel):
    """Whose role, and which."""

    user_id: UUID | None = None
    email: EmailStr | None = None
    role: UserRole


class Days(BaseModel):
    """How many days; `plan` where there is no subscription to extend."""

    days: int = Field(ge=1, le=extending.MOST_DAYS)
    plan: Plan | None = None


class Extended(BaseModel):
    """When the subscription ends now."""

    ends_at: datetime


def _holder(scope: Scope) -> Callable[..., Awaitable[Actor]]:
    async def admit(
        request: Request,
        given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    ) -> Actor:
        services = bootstrap.web()
        if given is None:
            raise tokens.TokenRefused
        visitor = visitor_of(request.scope, services.settings)
        async with services.db.write() as tx:
            return await tokens.admit(tx, given.credentials, scope, visitor, services.clock.now())

    return admit


Blocker = Annotated[Actor, Depends(_holder(Scope.BLOCK))]
Chooser = Annotated[Actor, Depends(_holder(Scope.ROLE))]
Deleter = Annotated[Actor, Depends(_holder(Scope.DELETE))]
Extender = Annotated[Actor, Depends(_holder(Scope.EXTEND))]


def admin_api() -> FastAPI:
    """Build the API that the admin app mounts at `/admin`."""
    api = FastAPI(
        title="Cube Demper: действия администратора",
        version="1",
        docs_url=None,
        redoc_url=None,
    )
    api.add_exception_handler(CubeError, _refused)
    api.add_exception_handler(RequestValidationError, _invalid)
    _add_users(api)
    _add_subscriptions(api)
    return api


def _add_users(api: FastAPI) -> None:
    @api.post("/users/{user_id}/block", status_code=204, summary="Заблокировать")
    async def block(user_id: UUID, admin: Blocker, given: Reason | None = None) -> None:
        await _set_blocked(admin, user_id, given, is_blocked=True)

    @api.post("/users/{user_id}/unblock", status_code=204, summary="Разблокировать")
    async def unblock(user_id: UUID, admin: Blocker, given: Reason | None = None) -> None:
        await _set_blocked(admin, user_id, given, is_blocked=False)

    @api.patch("/users/role", status_code=204, summary="Изменить роль")
    async def change_role(given: NewRole, admin: Chooser) -> None:
        services = bootstrap.web()
        async with services.db.write() as tx:
            user_id = given.user_id
            if user_id is None and given.email is not None:
                user_id = await accounts.id_of(tx, admin, given.email)
            if user_id is None:
                raise NotFound("Такого пользователя нет.")
            await administration.set_role(
                tx, admin, user_id, Role(given.role), services.clock.now()
            )

    @api.delete("/users/{user_id}", status_code=202, summary="Удалить")
    async def delete(user_id: UUID, given: Deletion, admin: Deleter) -> None:
        services = bootstrap.web()
        async with services.db.write() as tx:
            await erasing.delete_user(tx, admin, user_id, given.reason, services.clock.now())


def _add_subscriptions(api: FastAPI) -> None:
    @api.post("/subscriptions/{user_id}/extend", summary="Продлить подписку на N дней")
    async def extend(user_id: UUID, given: Days, admin: Extender) -> Extended:
        services = bootstrap.web()
        async with services.db.write() as tx:
            now = services.clock.now()
            ends_at = await extending.extend(tx, admin, user_id, given.days, now, plan=given.plan)
        return Extended(ends_at=ends_at)


async def _set_blocked(
    admin: Actor, user_id: UUID, given: Reason | None, *, is_blocked: bool
) -> None:
    services = bootstrap.web()
    async with services.db.write() as tx:
        await administration.set_blocked(
            tx,
            admin,
            user_id,
            is_blocked=is_blocked,
            now=services.clock.now(),
            reason=given.reason if given else "",
        )


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, CubeError):
        raise error
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 400)
    return JSONResponse({"message": error.message, "code": error.code}, status)


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    places = [".".join(str(part) for part in it["loc"][1:]) for it in error.errors()]
    text = "Проверьте: " + ", ".join(dict.fromkeys(place for place in places if place))
    return JSONResponse({"message": text, "code": "invalid_input"}, 422)
