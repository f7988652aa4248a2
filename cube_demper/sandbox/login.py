"""Kaspi's sign-in, idmc.shop.kaspi.kz, and the cabinet's half of its OAuth redirect (KASPI.md §3)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from starlette.applications import Starlette
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from cube_demper.sandbox.faults import FaultKind
from cube_demper.sandbox.login_page import CABINET_PAGE, login_page
from cube_demper.sandbox.mailbox import Mailbox
from cube_demper.sandbox.sessions import ingress_value
from cube_demper.sandbox.web import Backstage, Call, Host, bad_request, json_response
from cube_demper.sandbox.world import Account

SSO = "MS_AUTH_SSO"
_CODE_LIFE, _CODE_GAP = 300.0, 60.0
_WRONG_CODES = 3
_FLOOD_SECONDS = 60
_MASK = re.compile(r"\+7 \(\d{3}\) \d{3}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the three hosts listen."""

    shop: str
    merchant: str
    login: str


@dataclass(slots=True)
class Visit:
    """One browser at the sign-in, by its MS_AUTH_SSO. `email` is who it is once `is_in`."""

    email: str = ""
    code: str = ""
    sent_at: float = 0.0
    wrong: int = 0
    is_in: bool = False


class Login(Host):
    """Answers for idmc.shop.kaspi.kz."""

    name = "login"

    def __init__(
        self, backstage: Backstage, mailbox: Mailbox, addresses: Callable[[], Addresses]
    ) -> None:
        """Codes go to `mailbox`: mailed ones to the e-mail, SMS to the phone."""
        super().__init__(backstage)
        self._sessions, self._mailbox, self._addresses = backstage.sessions, mailbox, addresses
        self.visits: dict[str, Visit] = {}
        self._grants: dict[str, str] = {}
        self._sent_at: dict[str, float] = {}
        self.app = Starlette(
            routes=[
                self.route("/", "login_root", self.root, "GET"),
                self.route("/login", "login_page", self.page, "GET"),
                self.route("/api/p/login", "login", self.step, "POST"),
                self.route("/oauth2/authorize", "login_authorize", self.authorize, "GET"),
            ]
        )

    def cabinet_routes(self) -> list[Route]:
        """Return what the cabinet's host answers on the way in; no session is needed there."""
        return [
            self.route("/oauth2/authorization/1", "login_begin", self.begin, "GET"),
            self.route("/login/oauth2/code/1", "login_end", self.end, "GET"),
        ]

    def shop_routes(self) -> list[Route]:
        """Return the cabinet's page, where a browser ends up."""
        return [self.route("/mc/", "login_mc", lambda _call: HTMLResponse(CABINET_PAGE), "GET")]

    def guard(self, call: Call) -> Response | None:
        """Refuse a flood on demand, and a body that is no JSON."""
        if call.fault and call.fault.kind is FaultKind.FLOOD:
            return _error("SECURITY_CODE_SMS_FLOOD", call.fault.retry_after or _FLOOD_SECONDS)
        return bad_request("JSON expected") if call.has_bad_body else None

    def root(self, _call: Call) -> Response:
        """Send a signed-in browser on to the cabinet."""
        to = self._addresses()
        return RedirectResponse(f"{to.merchant}/oauth2/authorization/1?redirectUrl={_mc(to)}", 302)

    def page(self, call: Call) -> Response:
        """Answer the sign-in page; a fault may have changed its markup."""
        is_changed = call.fault is not None and call.fault.kind is FaultKind.MARKUP
        return HTMLResponse(login_page(is_changed=is_changed))

    def step(self, call: Call) -> Response:
        """Answer one step of `POST /api/p/login`."""
        body = call.body if isinstance(call.body, dict) else {}
        call.note["fields"] = sorted(body)
        visit = self.visits.get(call.request.cookies.get(SSO, ""))
        if visit is None:
            return _error("FAILED")
        match body:
            case {"_ph": str(phone)}:
                return self._phone(call, visit, phone)
            case {"_u": str(email), "_p": str(password)}:
                return self._password(call, visit, email, password)
            case {"_c": str(code)} | {"_m_c": str(code)}:
                return self._code(call, visit, code)
        return bad_request("unknown step")

    def begin(self, call: Call) -> Response:
        """Begin OAuth at the cabinet: go and be recognized."""
        back = call.request.query_params.get("redirectUrl", "")
        query = {"response_type": "code", "client_id": "1", "scope": "openid", "state": back}
        to = self._addresses()
        query["redirect_uri"] = f"{to.merchant}/login/oauth2/code/1"
        return RedirectResponse(f"{to.login}/oauth2/authorize?{urlencode(query)}", 302)

    def authorize(self, call: Call) -> Response:
        """Recognize a browser silently, or show it the sign-in page."""
        sso = call.request.cookies.get(SSO, "")
        visit = self.visits.get(sso)
        if visit is None or not visit.is_in:
            response = RedirectResponse("/login", 302)
            self._keep(response, visit or Visit(), old=sso)
            return response
        code = secrets.token_urlsafe(16)
        self._grants[code] = visit.email
        state = call.request.query_params.get("state", "")
        to = f"{self._addresses().merchant}/login/oauth2/code/1"
        return RedirectResponse(f"{to}?{urlencode({'code': code, 'state': state})}", 302)

    def end(self, call: Call) -> Response:
        """Exchange the code, once, for the cabinet's cookies."""
        email = self._grants.pop(call.request.query_params.get("code", ""), None)
        if email is None:
            return json_response({}, 401)
        session = self._sessions.issue(email, call.now)
        response = RedirectResponse(self._addresses().shop + "/mc/", 302)
        response.set_cookie("mc-session", ingress_value(), httponly=True, samesite="lax")
        response.set_cookie("mc-sid", session.sid, httponly=True, samesite="lax")
        return response

    def _phone(self, call: Call, visit: Visit, phone: str) -> Response:
        digits = "+" + re.sub(r"\D", "", phone)
        accounts = self._sessions.accounts.values()
        account = next((it for it in accounts if it.phone == digits), None)
        if not _MASK.fullmatch(phone) or account is None:
            return _error("INVALID_CREDENTIALS")
        if flood := self._send_code(call, visit, account, digits):
            return flood
        response = json_response({"phone": phone})
        self._keep(response, visit, old=call.request.cookies.get(SSO, ""))
        return response

    def _password(self, call: Call, visit: Visit, email: str, password: str) -> Response:
        account = self._sessions.accounts.get(email.strip().lower())
        if account is None or not secrets.compare_digest(
            account.password.encode(), password.encode()
        ):
            return _error("INVALID_CREDENTIALS")
        if account.asks_code:
            return self._send_code(call, visit, account, account.email) or json_response({})
        return self._let_in(call, visit, account.email)

    def _send_code(self, call: Call, visit: Visit, account: Account, to: str) -> Response | None:
        wait = self._sent_at.get(to, float("-inf")) + _CODE_GAP - call.now
        if wait > 0:
            by_sms = to.startswith("+")
            name = "SECURITY_CODE_SMS_FLOOD" if by_sms else "MFA_SEND_FLOOD"
            return _error(name, int(wait) + 1)
        self._sent_at[to] = visit.sent_at = call.now
        visit.email, visit.wrong = account.email, 0
        visit.code = f"{secrets.randbelow(10**6):06}"
        subject = "SMS от Kaspi" if to.startswith("+") else "Код для входа в Kaspi"
        self._mailbox.put("kaspi@example.kz", to, subject, f"Ваш код подтверждения: {visit.code}")
        return None

    def _code(self, call: Call, visit: Visit, code: str) -> Response:
        is_alive = visit.code and call.now < visit.sent_at + _CODE_LIFE
        if is_alive and visit.wrong < _WRONG_CODES and secrets.compare_digest(visit.code, code):
            visit.code = ""
            return self._let_in(call, visit, visit.email)
        visit.wrong += 1
        return _error("FAILED")

    def _let_in(self, call: Call, visit: Visit, email: str) -> Response:
        visit.email, visit.is_in = email, True
        response = json_response({"redirectUrl": "/"})
        self._keep(response, visit, old=call.request.cookies.get(SSO, ""))
        return response

    def _keep(self, response: Response, visit: Visit, *, old: str) -> None:
        """Give the browser a new MS_AUTH_SSO; the old one is dead, as at Kaspi."""
        self.visits.pop(old, None)
        sso = secrets.token_urlsafe(24)
        self.visits[sso] = visit
        response.set_cookie(SSO, sso, httponly=True, samesite="lax")


def _mc(to: Addresses) -> str:
    return quote(f"{to.shop}/mc/", safe="")


def _error(name: str, wait: int | None = None) -> Response:
    body: dict[str, object] = {"errorCode": name}
    if wait is not None:
        body["errorData"] = {"breakTimeSeconds": wait}
    return json_response(body, 401)
