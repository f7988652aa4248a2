"""What `cube up` runs on this machine, and with which settings: decided before anything starts."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cube_demper.core.errors import ConfigurationError
from cube_demper.core.settings import CubeApp, Settings
from cube_demper.up.apps import APPS, App, find_app
from cube_demper.up.child import Program

DEMO_PASSWORD = "demo-12345"  # noqa: S105 # printed on purpose; production refuses the demo
_POSTGRES_OFFSET, _VALKEY_OFFSET = 30, 31
_SANDBOX_OFFSETS = (*range(10, 19), *range(20, 28))
_TELEGRAM_TOKEN = "123456:sandbox"  # noqa: S105 # that of the sandbox's own Telegram
_WAHA_KEY, _WAHA_HMAC_KEY = "sandbox-waha-key", "sandbox-webhook-key"
_TIPTOPPAY_ID = "pk_sandbox_cube"
_TIPTOPPAY_SECRET = "sandbox-tiptoppay-secret"  # noqa: S105 # that of the sandbox's own terminal
_GEMINI_KEY = "sandbox-gemini-key"
# Whose account money is paid to: invented, like everybody in the demo.
_OPERATOR = {
    "BILLING_COMPANY": "ТОО «Cube Demper»",
    "BILLING_BIN": "123456789013",
    "BILLING_ADDRESS": "г. Алматы, пр. Абая, 10",
    "BILLING_IBAN": "KZ86125KZT5004100100",
    "BILLING_BANK": "АО «Демо Банк»",
    "BILLING_BIK": "DEMOKZKA",
    "BILLING_KBE": "17",
    "BILLING_SIGNER": "Әлия Нұрқызы",
    "BILLING_KASPI_PHONE": "+7 700 000 00 00",
}
# Which workers there may be; True: as many processes as --workers says, each with its shard.
_WORKERS = {
    "demping": True,
    "orders": False,
    "outbox": False,
    "logins": False,
    "messaging": False,
    "billing": False,
}


@dataclass(frozen=True)
class Plan:
    """The choice of one `cube up`."""

    settings: Settings
    apps: tuple[App, ...]
    with_demo: bool
    workers: int
    host: str

    @property
    def postgres_port(self) -> int | None:
        """Return the port of the embedded Postgres, None if DATABASE_URL names another."""
        return None if self.settings.database_url else self._port(_POSTGRES_OFFSET)

    @property
    def valkey_port(self) -> int | None:
        """Return the port of the embedded Valkey, None if REDIS_URL names another."""
        return None if self.settings.redis_url else self._port(_VALKEY_OFFSET)

    @property
    def console_url(self) -> str:
        """Return the address of the sandbox's own pages."""
        return f"http://127.0.0.1:{self._port(13)}"

    def ports(self) -> list[int]:
        """Return every port of our children that has to be free; the servers check their own."""
        apps = [self.settings.app_port(app.name) for app in self.apps]
        sandbox = [self._port(offset) for offset in _SANDBOX_OFFSETS] if self.with_demo else []
        return [*apps, *sandbox]

    def environment(self, database_url: str, redis_url: str, secret_keys: str) -> dict[str, str]:
        """Return the settings that children, and commands that attach, take from us."""
        settings = self.settings
        shared = {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "SECRET_KEYS": secret_keys,
            "CUBE_PORT_BASE": str(settings.port_base),
            "PUBLIC_URL": settings.app_url(CubeApp.SELLER),
        }
        if settings.clock:
            shared["CUBE_CLOCK"] = settings.clock
        if self.with_demo:
            shared["KASPI_SHOP_URL"] = f"http://127.0.0.1:{self._port(10)}"
            shared["KASPI_MERCHANT_URL"] = f"http://127.0.0.1:{self._port(11)}"
            shared["KASPI_LOGIN_URL"] = f"http://127.0.0.1:{self._port(12)}"
            shared["SMTP_URL"] = f"smtp://127.0.0.1:{self._port(14)}"
            shared["TELEGRAM_URL"] = f"http://127.0.0.1:{self._port(15)}"
            shared["TELEGRAM_BOT_TOKEN"] = _TELEGRAM_TOKEN
            shared["WAHA_URL"] = f"http://127.0.0.1:{self._port(16)}"
            shared["WAHA_PASSWORD"] = _WAHA_KEY
            shared["WAHA_HMAC_KEY"] = _WAHA_HMAC_KEY
            shared["TIPTOPPAY_URL"] = f"http://127.0.0.1:{self._port(17)}"
            shared["TIPTOPPAY_PUBLIC_ID"] = _TIPTOPPAY_ID
            shared["TIPTOPPAY_API_SECRET"] = _TIPTOPPAY_SECRET
            shared["GEMINI_BASE_URL"] = f"http://127.0.0.1:{self._port(18)}"
            shared["GEMINI_API_KEY"] = _GEMINI_KEY
            shared |= {name: os.environ.get(name) or it for name, it in _OPERATOR.items()}
        return shared

    def worker_programs(self, environment: Mapping[str, str]) -> list[Program]:
        """Return the worker processes: one a shard where a worker is sharded, else one."""
        programs = []
        for name, is_sharded in _WORKERS.items():
            if not module_exists(f"workers.{name}"):
                continue
            count = self.workers if is_sharded else 1
            for index in range(count):
                shard = {"INSTANCE_INDEX": str(index), "INSTANCE_COUNT": str(count)}
                programs.append(_worker(name, index, count, {**environment, **shard}))
        return programs

    def sandbox_program(self, environment: Mapping[str, str]) -> Program:
        """Return the sandbox: Kaspi, proxies and the mailbox."""
        return Program(
            name="sandbox",
            title="Песочница Kaspi",
            command=[sys.executable, "-m", "cube_demper.sandbox"],
            environment=environment,
            ready_url=f"{self.console_url}/health",
        )

    def _port(self, offset: int) -> int:
        return self.settings.port_base + offset


def make_plan(settings: Settings, *, app_names: str | None, with_demo: bool, workers: int) -> Plan:
    """Choose what to run. Raises ConfigurationError for what does not exist or is not allowed."""
    if with_demo and settings.is_production:
        raise ConfigurationError("CUBE_ENV=production: песочницы и демо здесь нет, нужен --no-demo")
    if not Path("rxconfig.py").exists():
        raise ConfigurationError("Здесь нет rxconfig.py: запустите из папки проекта")
    names = list(APPS) if app_names is None else app_names.split(",")
    apps = tuple(find_app(name.strip()) for name in names if name)
    host = os.environ.get("HOST") or "127.0.0.1"
    existing = tuple(app for app in apps if module_exists(app.module))
    return Plan(settings, existing, with_demo, workers, host)


def module_exists(name: str) -> bool:
    """Tell whether a module is there, without importing it."""
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def migration_program(environment: Mapping[str, str]) -> Program:
    """Return the step that brings the database to the newest migration and figures."""
    command = [sys.executable, "-m", "cube_demper.cli", "migrate"]
    return Program("migrations", "Миграции", command, environment)


def demo_program(environment: Mapping[str, str]) -> Program:
    """Return the step that fills the demo in; it does nothing the second time."""
    command = [sys.executable, "-m", "cube_demper.sandbox.demo"]
    return Program("demo", "Демо-данные", command, environment)


def _worker(name: str, index: int, count: int, environment: Mapping[str, str]) -> Program:
    suffix = f"-{index}" if count > 1 else ""
    return Program(
        name=f"worker-{name}{suffix}",
        title=f"Воркер {name}{suffix}",
        command=[sys.executable, "-m", "workers", name],
        environment=environment,
    )
