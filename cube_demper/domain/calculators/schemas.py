"""Cases that the calculators take. In JSON money is tenge (a number or a string) and days are ISO dates.

Built from JSON by `reading.read_case`; money inside is whole tiyn. An unknown key is an error.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from cube_demper.core.money import TIYN_IN_TENGE
from cube_demper.domain.rates.rows import Payer
from cube_demper.domain.rates.tables import Tables

MOST_TENGE = 10**12
MOST_PAYMENTS = 500
FIRST_DAY, LAST_DAY = date(1991, 12, 16), date(2100, 12, 31)
LONGEST = timedelta(days=50 * 366)


def wrong(text: str) -> PydanticCustomError:
    """Return an error with words of ours; braces are not fields of a template."""
    return PydanticCustomError("ours", "{text}", {"text": text})


def read_decimal(value: Any) -> Decimal:
    """Read a number that JSON gives as a number or as text."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise wrong("нужно число")
    try:
        number = Decimal(value.strip().replace(",", ".") if isinstance(value, str) else value)
    except ArithmeticError:
        raise wrong("нужно число") from None
    if not number.is_finite():
        raise wrong("нужно число")
    return number


def _tiyn(value: Any) -> int:
    tenge = read_decimal(value)
    if tenge < 0:
        raise wrong("сумма не может быть отрицательной")
    if tenge > MOST_TENGE:
        raise wrong("слишком большая сумма, больше триллиона тенге")
    tiyn = tenge * TIYN_IN_TENGE
    if tiyn != tiyn.to_integral_value():
        raise wrong("не больше двух знаков после запятой")
    return int(tiyn)


def _day(value: Any) -> date:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None:
        raise wrong("нужна дата вида 2026-01-31")
    if not FIRST_DAY <= day <= LAST_DAY:
        raise wrong(f"дата вне границ {FIRST_DAY:%d.%m.%Y}–{LAST_DAY:%d.%m.%Y}")
    return day


def _payer(value: Any) -> Payer:
    if value not in _PAYERS:
        raise wrong(f"нужно {_PAYERS[0]}, {_PAYERS[1]} или {_PAYERS[2]}")
    return Payer(value)


_PAYERS = [Payer.PERSON.value, Payer.IP.value, Payer.TOO.value]
_NUMBER = {"anyOf": [{"type": "number"}, {"type": "string"}]}
Tenge = Annotated[int, BeforeValidator(_tiyn), WithJsonSchema(_NUMBER | {"title": "тенге"})]
PositiveTenge = Annotated[Tenge, Field(gt=0)]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Percent = Annotated[
    Decimal, BeforeValidator(read_decimal), WithJsonSchema(_NUMBER | {"title": "проценты"})
]
AssumeLast = Annotated[
    bool,
    Field(
        description="после конца таблицы брать последние известные базовую ставку и МРП: "
        "предположение, в ответе названо"
    ),
]
CasePayer = Annotated[
    Payer, BeforeValidator(_payer), WithJsonSchema({"type": "string", "enum": _PAYERS})
]


class Case(BaseModel):
    """What every case forbids: keys that nobody asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Payment(Case):
    """A part of the debt, paid."""

    on: Day = Field(description="день оплаты")
    amount: PositiveTenge = Field(description="сумма, тенге")


class Delay(Case):
    """A debt that is late: when it was due, until which day to count, what was paid meanwhile."""

    debt: PositiveTenge = Field(description="долг на день срока, тенге")
    due: Day = Field(description="последний день срока оплаты; просрочка — со следующего")
    until: Day = Field(description="день оплаты или расчёта, входит в просрочку")
    payments: list[Payment] = Field(
        default_factory=list, max_length=MOST_PAYMENTS, description="частичные оплаты"
    )
    assume_last: AssumeLast = False

    @model_validator(mode="after")
    def _is_in_order(self) -> Delay:
        if self.until < self.due:
            raise wrong("until: день расчёта раньше срока оплаты")
        if self.until - self.due > LONGEST:
            raise wrong("until: период больше 50 лет")
        if any(it.on > self.until for it in self.payments):
            raise wrong("payments: оплата позже дня расчёта")
        if sum(it.amount for it in self.payments) > self.debt:
            raise wrong("payments: оплачено больше долга")
        return self


class Contract(Case):
    """The penalty that a contract sets instead of art. 353."""

    percent_per_day: Annotated[Percent, Field(gt=0, le=100)] = Field(
        description="процент за день просрочки"
    )
    cap_percent: Annotated[Percent, Field(gt=0, le=1000)] | None = Field(
        default=None, description="предел пени, процент от долга"
    )


class PenaltyCase(Delay):
    """A penalty under art. 353 of the Civil Code, or a contract's."""

    rate_on: Day | None = Field(
        default=None,
        description="день, чья базовая ставка берётся на весь период: оплаты, иска или решения; "
        "без него — день расчёта until",
    )
    by_parts: bool = Field(
        default=False,
        description="вне суда: для каждой оплаченной части — ставка дня её оплаты",
    )
    rate_percent: Annotated[Percent, Field(gt=0, le=100)] | None = Field(
        default=None, description="своя годовая ставка вместо таблицы"
    )
    contract: Contract | None = Field(default=None, description="договорная пеня вместо ст. 353")

    @model_validator(mode="after")
    def _has_one_rate(self) -> PenaltyCase:
        ways = [
            bool(self.rate_on), self.by_parts, self.rate_percent is not None, bool(self.contract)
        ]  # fmt: skip
        if sum(ways) > 1:
            raise wrong("rate_on, by_parts, rate_percent и contract: выберите что-то одно")
        return self


class TaxPenaltyCase(Delay):
    """A penalty for a tax paid late."""


class Regime(StrEnum):
    """Tax regimes."""

    IP_SIMPLIFIED = "ip_simplified"
    IP_GENERAL = "ip_general"
    TOO_SIMPLIFIED = "too_simplified"
    TOO_GENERAL = "too_general"

    @property
    def payer(self) -> Payer:
        """Whose regime it is."""
        return Payer.IP if self.value.startswith("ip") else Payer.TOO

    @property
    def is_simplified(self) -> bool:
        """A tax on turnover, expenses do not count."""
        return self.value.endswith("simplified")


class TaxCase(Case):
    """Taxes of a period by the regime."""

    regime: Regime = Field(strict=False, description="режим")
    on: Day = Field(description="день, чьи ставки берутся: последний день периода")
    months: int = Field(default=12, ge=1, le=12, description="месяцев в периоде")
    income: Tenge = Field(description="доход (оборот) за период без НДС, тенге")
    expenses: Tenge = Field(default=0, description="вычеты за период, тенге; общий режим")
    region: str | None = Field(
        default=None, max_length=100, description="город или район: ставка маслихата"
    )
    simplified_percent: Annotated[Percent, Field(ge=2, le=6)] | None = Field(
        default=None, description="своя ставка упрощёнки, 2–6"
    )
    is_vat_payer: bool = Field(default=False, description="на учёте по НДС; общий режим")
    purchase_vat: Tenge = Field(default=0, description="НДС в закупках к зачёту, тенге")
    own_income: Tenge | None = Field(
        default=None, description="доход ИП для соцплатежей в месяц, тенге; без него 1 МЗП"
    )
    has_opvr: bool = Field(default=True, description="ИП родился после 01.01.1975")
    workers: int = Field(default=0, ge=0, le=100_000, description="работников; ИП, общий режим")
    wages: Tenge = Field(
        default=0,
        description="доходы работников за период без ОПВ и ВОСМС, тенге; ТОО, общий режим",
    )
    assume_last: AssumeLast = False

    @model_validator(mode="after")
    def _fits_the_regime(self) -> TaxCase:
        if self.regime.is_simplified:
            if self.is_vat_payer:
                raise wrong("is_vat_payer: на упрощёнке НДС здесь не считается")
            if self.expenses:
                raise wrong("expenses: на упрощёнке расходы не вычитаются")
        elif self.region or self.simplified_percent is not None:
            raise wrong("region и simplified_percent — только для упрощёнки")
        if self.purchase_vat and not self.is_vat_payer:
            raise wrong("purchase_vat: зачёт есть только у плательщика НДС")
        if self.regime is not Regime.IP_GENERAL and self.workers:
            raise wrong("workers — только для ИП на общем режиме")
        if self.regime is not Regime.TOO_GENERAL and self.wages:
            raise wrong("wages — только для ТОО на общем режиме")
        return self


class DutyKind(StrEnum):
    """What a state duty is paid for."""

    PROPERTY = "property"
    NONPROPERTY = "nonproperty"
    MIXED = "mixed"
    ORDER = "order"
    SPECIAL = "special"
    AUTHORITY = "authority"
    TAX_NOTICE = "tax_notice"
    LABOUR = "labour"
    DUPLICATE = "duplicate"
    COPY = "copy"
    REGISTER_IP = "register_ip"
    REGISTER_TOO = "register_too"
    REGISTER_TOO_LARGE = "register_too_large"

    @property
    def needs_amount(self) -> bool:
        """Whether the duty is a share of a sum."""
        return self in {DutyKind.PROPERTY, DutyKind.MIXED, DutyKind.ORDER, DutyKind.TAX_NOTICE}


_DUTY_KINDS = (
    "property — имущественный иск; nonproperty — неимущественный; mixed — оба сразу; "
    "order — судебный приказ; special — особое производство или административный иск; "
    "authority — жалоба на госорган; tax_notice — спор с уведомлением по налоговой проверке; "
    "labour — иск о зарплате; duplicate — дубликат исполнительного листа; "
    "copy — повторная копия акта; register_* — регистрация ИП, ТОО, крупного ТОО"
)


class DutyCase(Case):
    """A state duty or a registration fee."""

    kind: DutyKind = Field(strict=False, description=_DUTY_KINDS)
    on: Day = Field(description="день подачи")
    payer: CasePayer = Field(default=Payer.PERSON, description="person, ip или too (юрлицо)")
    amount: PositiveTenge | None = Field(
        default=None, description="цена иска или оспариваемая сумма, тенге"
    )
    documents: int = Field(default=1, ge=1, le=1000, description="документов; kind copy")
    pages: int = Field(default=1, ge=1, le=100_000, description="страниц; kind copy")
    is_cassation: bool = Field(default=False, description="кассационная жалоба: половина ставки")
    is_consumer: bool = Field(default=False, description="иск потребителя: отсрочка уплаты")
    assume_last: AssumeLast = False

    @model_validator(mode="after")
    def _fits_the_kind(self) -> DutyCase:
        if self.kind.needs_amount and self.amount is None:
            raise wrong("amount: для этой пошлины нужна сумма")
        if not self.kind.needs_amount and self.amount is not None:
            raise wrong("amount: эта пошлина от суммы не зависит")
        in_court = {DutyKind.PROPERTY, DutyKind.NONPROPERTY, DutyKind.MIXED, DutyKind.SPECIAL}
        if self.is_cassation and self.kind not in in_court:
            raise wrong("is_cassation: только для исков")
        if self.is_consumer and (self.kind not in in_court or self.payer is not Payer.PERSON):
            raise wrong("is_consumer: только для иска гражданина")
        return self


def tables_of(case: Delay | TaxCase | DutyCase, tables: Tables) -> Tables:
    """Return the tables that a case is counted by."""
    return tables.prolonged() if case.assume_last else tables
