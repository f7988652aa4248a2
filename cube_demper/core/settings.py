"""Settings from the environment (DESIGN §3), one class a concern, read once by `load_settings`."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from cube_demper.core.errors import ConfigurationError

_DEVELOPMENT_KEY = "development-only-key"
_BASE_PORT = 3000


class Environment(StrEnum):
    """Where we run. Nothing else defines production."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class CubeApp(StrEnum):
    """The four browser apps, in the order of their ports and Redis databases."""

    SELLER = "seller"
    ADMIN = "admin"
    SUPPORT = "support"
    PARTNER = "partner"


class _Section(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)


class KaspiSettings(_Section):
    """Addresses and limits of Kaspi. Rates are requests a second; sources: KASPI.md §1.3 and §2.4."""

    shop_url: str = Field("https://kaspi.kz", alias="KASPI_SHOP_URL")
    merchant_url: str = Field("https://mc.shop.kaspi.kz", alias="KASPI_MERCHANT_URL")
    login_url: str = Field("https://idmc.shop.kaspi.kz", alias="KASPI_LOGIN_URL")
    min_price_tenge: int = Field(10, alias="KASPI_MIN_PRICE", ge=1)
    global_rps: float = Field(60, alias="KASPI_GLOBAL_RPS", gt=0)
    offers_rps_per_ip: float = Field(8, alias="KASPI_OFFERS_RPS_PER_IP", gt=0)
    pricefeed_rps_per_store: float = Field(1.5, alias="KASPI_PRICEFEED_RPS_PER_STORE", gt=0)
    changes_per_30_min: int = Field(250, alias="KASPI_CHANGES_PER_30_MIN", ge=1)
    orders_rps_per_token: float = Field(6, alias="KASPI_ORDERS_RPS_PER_TOKEN", gt=0)
    max_fall_percent: int = Field(30, alias="KASPI_MAX_FALL_PERCENT", ge=1, le=100)
    sync_interval: int = Field(21600, alias="KASPI_SYNC_INTERVAL", ge=60)
    orders_interval: int = Field(600, alias="ORDERS_POLLING_INTERVAL", ge=30)
    """Seconds between two readings of a store's orders (SPEC §5.1)."""


class WorkerSettings(_Section):
    """Which shard this process is."""

    instance_index: int = Field(0, alias="INSTANCE_INDEX", ge=0)
    instance_count: int = Field(1, alias="INSTANCE_COUNT", ge=1, le=1024)


class MailSettings(_Section):
    """Outgoing mail. Without SMTP_URL letters are not sent and the screen says so."""

    smtp_url: SecretStr | None = Field(None, alias="SMTP_URL")
    mail_from: str = Field("Cube Demper <no-reply@example.kz>", alias="MAIL_FROM")
    support_mail: str = Field("support@example.kz", alias="SUPPORT_MAIL")
    """Where people write to us; no-reply above is read by nobody."""


class TelegramSettings(_Section):
    """Our Telegram bot. Without TELEGRAM_BOT_TOKEN the feature is off and the screen says so."""

    bot_token: SecretStr | None = Field(None, alias="TELEGRAM_BOT_TOKEN")
    url: str = Field("https://api.telegram.org", alias="TELEGRAM_URL")


class WahaSettings(_Section):
    """WAHA, the gateway to WhatsApp. Without all three the feature is off and the screen says so."""

    url: str | None = Field(None, alias="WAHA_URL")
    password: SecretStr | None = Field(None, alias="WAHA_PASSWORD")
    """Sent as X-Api-Key."""
    hmac_key: SecretStr | None = Field(None, alias="WAHA_HMAC_KEY")
    """Signs its webhooks: without it anybody could tell us what buyers wrote."""

    @property
    def is_on(self) -> bool:
        """Tell whether everything is there."""
        return None not in (self.url, self.password, self.hmac_key)


class OperatorSettings(_Section):
    """Our own requisites, as they stand on invoices and acts; what is empty is invented nowhere."""

    company: str = Field("", alias="BILLING_COMPANY")
    bin: str = Field("", alias="BILLING_BIN")
    address: str = Field("", alias="BILLING_ADDRESS")
    iban: str = Field("", alias="BILLING_IBAN")
    bank: str = Field("", alias="BILLING_BANK")
    bik: str = Field("", alias="BILLING_BIK")
    kbe: str = Field("", alias="BILLING_KBE")
    signer: str = Field("", alias="BILLING_SIGNER")
    vat_percent: str = Field("", alias="BILLING_VAT_PERCENT")
    """Empty: we pay no VAT, and papers say so."""

    @field_validator("vat_percent")
    @classmethod
    def _is_percent(cls, value: str) -> str:
        given = value.strip().rstrip("%").strip().replace(",", ".")
        if given and not (re.fullmatch(r"\d{1,2}(\.\d{1,2})?", given) and float(given)):
            raise ValueError("процент НДС числом, например 16; пусто, если НДС не платите")
        return given


class TipTopPaySettings(_Section):
    """TipTopPay, which takes cards. Without both keys paying by card is off and the screen says so."""

    url: str = Field("https://api.tiptoppay.kz", alias="TIPTOPPAY_URL")
    public_id: str | None = Field(None, alias="TIPTOPPAY_PUBLIC_ID")
    api_secret: SecretStr | None = Field(None, alias="TIPTOPPAY_API_SECRET")
    """Opens the API and signs its webhooks."""

    @property
    def is_on(self) -> bool:
        """Tell whether both keys are there."""
        return None not in (self.public_id, self.api_secret)


class GeminiSettings(_Section):
    """Gemini, the AI staff's language model. Without a key what needs no model works, the rest says so."""

    api_key: SecretStr | None = Field(None, alias="GEMINI_API_KEY")
    base_url: str = Field("https://generativelanguage.googleapis.com", alias="GEMINI_BASE_URL")
    api_version: str = Field("v1", alias="GEMINI_API_VERSION")
    """The SDK's own default since 3.0; models named `…-latest` exist in v1beta alone."""
    model: str = Field("gemini-3.8-flash", alias="GEMINI_MODEL")
    lawyer_model: str = Field("gemini-4-argon", alias="GEMINI_LAWYER_MODEL")
    embed_model: str = Field("gemini-embedding-2", alias="GEMINI_EMBED_MODEL")


class Settings(_Section):
    """Everything a process needs to know from outside."""

    environment: Environment = Field(Environment.DEVELOPMENT, alias="CUBE_ENV")
    data_dir: Path = Field(Path(".cube"), alias="CUBE_DATA_DIR")
    clock: str | None = Field(None, alias="CUBE_CLOCK")
    port_base: int = Field(_BASE_PORT, alias="CUBE_PORT_BASE", ge=1024, le=65000)
    database_url: SecretStr | None = Field(None, alias="DATABASE_URL")
    redis_url: SecretStr | None = Field(None, alias="REDIS_URL")
    secret_keys: Annotated[list[SecretStr], NoDecode] = Field(
        default_factory=lambda: [SecretStr(_DEVELOPMENT_KEY)], alias="SECRET_KEYS"
    )
    public_url: str | None = Field(None, alias="PUBLIC_URL")
    admin_url: str | None = Field(None, alias="ADMIN_URL")
    support_url: str | None = Field(None, alias="SUPPORT_URL")
    partner_url: str | None = Field(None, alias="PARTNER_URL")
    trusted_proxy_hops: int = Field(0, alias="TRUSTED_PROXY_HOPS", ge=0, le=5)
    """How many reverse proxies of ours stand in front; 0: X-Forwarded-For is not believed."""
    is_review_bonus_allowed: bool = Field(False, alias="WHATSAPP_REVIEW_BONUS")
    """Whether sellers may promise buyers a bonus for a review; Kaspi looks at that askance."""
    kaspi_transfer_to: str = Field("", alias="BILLING_KASPI_PHONE")
    """The phone to which people transfer money in Kaspi; empty: they pay otherwise."""
    chromium_path: str | None = Field(None, alias="CHROMIUM_PATH")
    kaspi: KaspiSettings = Field(default_factory=KaspiSettings)
    worker: WorkerSettings = Field(default_factory=WorkerSettings)
    mail: MailSettings = Field(default_factory=MailSettings)
    telegram: TelegramSettings = Field(default_factory=TelegramSettings)
    waha: WahaSettings = Field(default_factory=WahaSettings)
    operator: OperatorSettings = Field(default_factory=OperatorSettings)
    tiptoppay: TipTopPaySettings = Field(default_factory=TipTopPaySettings)
    gemini: GeminiSettings = Field(default_factory=GeminiSettings)

    @field_validator("secret_keys", mode="before")
    @classmethod
    def _split_keys(cls, value: object) -> object:
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        return value

    @property
    def is_production(self) -> bool:
        """Tell whether CUBE_ENV says production."""
        return self.environment is Environment.PRODUCTION

    @cached_property
    def keys(self) -> list[str]:
        """Return the secret keys, newest first."""
        return [key.get_secret_value() for key in self.secret_keys]

    def app_port(self, app: CubeApp) -> int:
        """Return the port of a browser app: CUBE_PORT_BASE + 0…3."""
        return self.port_base + list(CubeApp).index(app)

    def app_url(self, app: CubeApp) -> str:
        """Return the address people use for an app, without a slash at the end."""
        given = {
            CubeApp.SELLER: self.public_url,
            CubeApp.ADMIN: self.admin_url,
            CubeApp.SUPPORT: self.support_url,
            CubeApp.PARTNER: self.partner_url,
        }[app]
        return (given or f"http://localhost:{self.app_port(app)}").rstrip("/")


def load_settings() -> Settings:
    """Read and check the environment. Raises ConfigurationError naming the variable at fault."""
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise ConfigurationError(f"{name}: {first['msg']}") from None
    _check_shard(settings.worker)
    _check_web_address("TIPTOPPAY_URL", settings.tiptoppay.url)
    if settings.is_production:
        _check_production(settings)
    return settings


def _check_shard(worker: WorkerSettings) -> None:
    if worker.instance_index >= worker.instance_count:
        raise ConfigurationError(
            f"INSTANCE_INDEX={worker.instance_index}: должен быть меньше "
            f"INSTANCE_COUNT={worker.instance_count}"
        )


def _check_web_address(name: str, url: str) -> None:
    """Refuse at start what no request could ever reach: later it would look like a service that is away."""
    try:
        parts = urlsplit(url)
        is_fit = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        is_fit = False
    if not is_fit or any(it.isspace() for it in url) or parts.query or parts.fragment:
        raise ConfigurationError(f"{name}: нужен адрес вида https://api.tiptoppay.kz, а не «{url}»")


def _check_production(settings: Settings) -> None:
    if any(key == _DEVELOPMENT_KEY for key in settings.keys):
        raise ConfigurationError("SECRET_KEYS: в production нужен свой ключ")
    if settings.clock:
        raise ConfigurationError("CUBE_CLOCK: в production время не ускоряют")
    for name, url in (
        ("PUBLIC_URL", settings.public_url),
        ("ADMIN_URL", settings.admin_url),
        ("SUPPORT_URL", settings.support_url),
        ("PARTNER_URL", settings.partner_url),
    ):
        if not url or not url.startswith("https://"):
            raise ConfigurationError(f"{name}: в production нужен адрес https://")
    for name, url in (
        ("KASPI_SHOP_URL", settings.kaspi.shop_url),
        ("KASPI_MERCHANT_URL", settings.kaspi.merchant_url),
        ("KASPI_LOGIN_URL", settings.kaspi.login_url),
        ("TIPTOPPAY_URL", settings.tiptoppay.url),
    ):
        if not url.startswith("https://"):
            raise ConfigurationError(
                f"{name}: в production песочница не допускается, нужен https://"
            )
