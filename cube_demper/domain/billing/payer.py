"""Who pays: the seller's company for invoices and acts. Papers that are out keep what they had."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

from sqlmodel import col, select

from cube_demper.core.errors import InvalidFields
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.billing.payer_rules import is_bin, is_iban, tidy
from cube_demper.models.invoices import BillingRequisites
from cube_demper.models.staff import Area

_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Payer:
    """A company or a person as papers name them."""

    company: str = ""
    bin: str = ""
    address: str = ""
    iban: str = ""
    bank: str = ""
    bik: str = ""


async def get_payer(tx: ReadTx, actor: Actor) -> Payer:
    """Return who pays for the actor's seller, empty while nobody has said. Raises PermissionDenied."""
    actor.require(Area.MONEY)
    row = await _find(tx, actor)
    if row is None:
        return Payer()
    return Payer(row.company, row.bin, row.address, row.iban, row.bank, row.bik)


async def save_payer(tx: WriteTx, actor: Actor, payer: Payer) -> Payer:
    """Keep who pays from now on. Raises InvalidFields, PermissionDenied for anybody but the seller."""
    actor.require(None)
    clean = _checked(payer)
    row = await _find(tx, actor)
    if row is None:
        row = BillingRequisites(user_id=actor.owner_id, **asdict(clean))
        tx.add(row)
    else:
        for name, value in asdict(clean).items():
            setattr(row, name, value)
    await tx.flush()
    await audit.record(tx, actor, "requisites_saved", "billing_requisites", row.id)
    return clean


async def _find(tx: ReadTx, actor: Actor) -> BillingRequisites | None:
    row: BillingRequisites | None = await tx.scalar(
        select(BillingRequisites).where(col(BillingRequisites.user_id) == actor.owner_id)
    )
    return row


def _checked(payer: Payer) -> Payer:
    clean = Payer(
        company=" ".join(payer.company.split())[:_LONGEST],
        bin=tidy(payer.bin)[:20],
        address=" ".join(payer.address.split())[:_LONGEST],
        iban=tidy(payer.iban)[:34],
        bank=" ".join(payer.bank.split())[:_LONGEST],
        bik=tidy(payer.bik)[:11],
    )
    faults = {}
    if not clean.company:
        faults["company"] = "Напишите, кто платит: ТОО или ИП, как в документах."
    if not is_bin(clean.bin):
        faults["bin"] = "Проверьте БИН или ИИН: 12 цифр, и последняя из них не сходится."
    if clean.iban and not is_iban(clean.iban):
        faults["iban"] = "Проверьте счёт: KZ и ещё 18 знаков, контрольные цифры не сходятся."
    if clean.bik and len(clean.bik) not in (8, 11):
        faults["bik"] = "В БИК банка 8 знаков."
    if faults:
        raise InvalidFields(faults)
    return clean
