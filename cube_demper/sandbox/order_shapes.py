"""The wire shapes of one order: the official API's (KASPI.md §4.1) and the cabinet's (§5)."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from cube_demper.sandbox.order_deeds import WAYBILL_AFTER_MS
from cube_demper.sandbox.order_lives import DAY_MS, Life, Line, Stage, Way
from cube_demper.sandbox.world import Point

_API: Final = "https://kaspi.kz/shop/api/v2"
_MODES: Final = {
    Way.PICKUP: "DELIVERY_PICKUP",
    Way.OWN: "DELIVERY_LOCAL",
    Way.CITY: "DELIVERY_LOCAL",
    Way.POSTOMAT: "DELIVERY_PICKUP",
    Way.REGION: "DELIVERY_REGIONAL_TODOOR",
}
_MASKED: Final = "+0(000)-000-00-00"


@dataclass(frozen=True, slots=True)
class Shown:
    """One order at one moment; `changes` are attributes put over its own."""

    life: Life
    stage: Stage
    now: int
    changes: dict[str, Any]
    base: str = "https://kaspi.kz"
    """The address of the API, for links to files."""

    @property
    def status(self) -> str:
        """Return the status that the API shows."""
        return str(self.changes.get("status", self.stage.status))

    @property
    def has_waybill(self) -> bool:
        """Tell whether Kaspi has made the waybill: some time after the packing."""
        is_there = self.now >= self.life.assembled + WAYBILL_AFTER_MS
        return self.life.is_kaspi and self.stage.is_assembled and is_there

    @property
    def state(self) -> str:
        """Return the list of the API that it is in."""
        return str(self.changes.get("state", self.stage.state))

    @property
    def tab(self) -> str:
        """Return the cabinet's tab that it is in."""
        return str(self.changes.get("tab", self.stage.tab))

    def order(self, *, has_entries: bool) -> dict[str, Any]:
        """Return a row of the official API."""
        life = self.life
        key, buyer = _key(life.code), _key(life.phone)
        url = f"{_API}/orders/{key}"
        entries = _relation(url, "entries")
        if has_entries:
            ids = [self._entry_key(place) for place in range(len(life.lines))]
            entries["data"] = [{"type": "orderentries", "id": id_} for id_ in ids]
        return {
            "type": "orders",
            "id": key,
            "attributes": self._attributes() | self.changes.get("attributes", {}),
            "relationships": {
                "user": _relation(url, "user") | {"data": {"type": "customers", "id": buyer}},
                "entries": entries,
            },
            "links": {"self": url},
        }

    def _attributes(self) -> dict[str, Any]:
        life, stage = self.life, self.stage
        found = {
            "code": life.code,
            "totalPrice": float(life.total),
            "paymentMode": "PAY_WITH_CREDIT" if life.is_credit else "PREPAID",
            "plannedDeliveryDate": life.made + 3 * DAY_MS,
            "creationDate": life.made,
            "deliveryCostForSeller": 895.0 if life.is_kaspi else 0.0,
            "isKaspiDelivery": life.is_kaspi,
            "deliveryMode": _MODES[life.way],
            "signatureRequired": False,
            "preOrder": life.is_pre_order,
            "pickupPointId": life.lines[0].good.merchant.point_id(life.point),
            "state": self.state,
            "approvedByBankDate": life.made + 60_000,
            "status": self.status,
            "customer": {
                "id": _key(life.phone),
                "name": None,
                "cellPhone": life.phone,
                "firstName": life.first_name,
                "lastName": life.last_name,
            },
            "deliveryCost": 500.0 if life.way is Way.OWN else 0.0,
        }
        if life.is_credit or life.way is Way.OWN:
            found["creditTerm"] = 3
        if stage.reason:
            found["cancellationReason"] = stage.reason
        return found | self._delivery()

    def _delivery(self) -> dict[str, Any]:
        life, stage = self.life, self.stage
        if life.way is Way.PICKUP:
            return {"reservationDate": life.assembled + 3 * DAY_MS} if stage.has_arrived else {}
        found = {"deliveryAddress": _address(life.point, life.town)}
        if not life.is_kaspi:
            return found
        number = str(100_000_000 + int(life.code) % 900_000_000)
        return found | {
            "assembled": stage.is_assembled,
            "originAddress": _origin(life.point),
            "kaspiDelivery": {
                "waybill": f"{self.base}/shop/api/v2/waybill/{life.code}.pdf"
                if self.has_waybill
                else None,
                "waybillNumber": number if self.has_waybill else None,
                "courierTransmissionDate": life.handed if stage.is_handed else None,
                "courierTransmissionPlanningDate": life.handed,
                "express": life.is_express,
                "returnedToWarehouse": False,
                "firstMileCourier": None,
            },
        }

    def entries(self) -> list[dict[str, Any]]:
        """Return the order's entries as the official API includes them."""
        return [self._entry(place, line) for place, line in enumerate(self.life.lines)]

    def _entry(self, place: int, line: Line) -> dict[str, Any]:
        key = self._entry_key(place)
        url = f"{_API}/orderentries/{key}"
        point = line.good.merchant.point_id(self.life.point)
        return {
            "type": "orderentries",
            "id": key,
            "attributes": {
                "unitType": "PIECES",
                "offer": {"code": line.good.sku, "name": line.good.title},
                "quantity": line.quantity,
                "totalPrice": float(line.price * line.quantity),
                "weight": 0.0,
                "entryNumber": place,
                "category": {
                    "code": f"Master - {line.good.category.code}",
                    "title": line.good.category.name,
                },
                "deliveryCost": 0.0,
                "basePrice": float(line.price),
                "isImeiRequired": False,
            },
            "relationships": {
                "product": _relation(url, "product")
                | {"data": {"type": "masterproducts", "id": _key(line.good.card_id)}},
                "deliveryPointOfService": _relation(url, "deliveryPointOfService")
                | {"data": {"type": "pointofservices", "id": _key(point)}},
            },
            "links": {"self": url},
        }

    def _entry_key(self, place: int) -> str:
        return _key(f"{self.life.code}##{place}")

    def cabinet(self, *, is_alone: bool) -> dict[str, Any]:
        """Return a row of `getOrders`, or the answer of `getOrderDetails` when `is_alone`."""
        life, stage = self.life, self.stage
        customer = {"firstName": life.first_name, "lastName": f"{life.last_name[0]}."}
        row = {
            "code": life.code,
            "status": self.changes.get("tab_status", stage.tab_status),
            "preOrder": life.is_pre_order,
            "totalPrice": float(life.total),
            "creationTime": _iso(life.made),
            "modificationTime": _iso(min(self.now, life.closed)),
            "deliveryCost": 500.0 if life.way is Way.OWN else 0.0,
            "cancelReason": stage.reason,
            "kaspiDelivery": life.is_kaspi,
            "customer": customer,
            "delivery": self._cabinet_delivery(),
            "warehouse": {
                "id": life.lines[0].good.merchant.point_id(life.point),
                "city": {"id": 366, "name": life.point.city.name},
            },
            "entries": [_cabinet_entry(life, place) for place in range(len(life.lines))],
            "payments": [{"__typename": "OrderLoan" if life.is_credit else "OrderAccount"}],
            "markers": [],
            "steps": [],
        }
        if is_alone:
            row["state"] = self.tab
            phone = life.phone if life.way is Way.OWN else None
            customer["phoneNumber"] = f"+7{phone}" if phone else _MASKED
        return row

    def _cabinet_delivery(self) -> dict[str, Any]:
        life, stage = self.life, self.stage
        return {
            "mode": _MODES[life.way],
            "plannedDeliveryDate": _iso(life.made + 3 * DAY_MS),
            "transmissionPlanningDate": _iso(life.handed) if life.is_kaspi else None,
            "kdAssembled": stage.is_assembled,
            "kdTransmittedToCourier": stage.is_handed,
            "isReturnedToWarehouse": False,
            "isOrderArrived": stage.has_arrived,
            "isExpress": life.is_express,
            "actualDeliveryDate": _iso(life.arrived) if stage.has_arrived else None,
        }


def _cabinet_entry(life: Life, place: int) -> dict[str, Any]:
    line = life.lines[place]
    good = line.good
    return {
        "entryId": _key(f"{life.code}##{place}"),
        "quantity": line.quantity,
        "totalPrice": float(line.price * line.quantity),
        "unit": "PIECES",
        "weight": 0.0,
        "isImeiRequired": False,
        "product": {"code": good.card_id, "name": good.title},
        "merchantProduct": {"code": good.sku, "name": good.title, "barcode": None},
        "category": {"code": f"Master - {good.category.code}", "name": good.category.name},
    }


def _key(text: str) -> str:
    return base64.b64encode(text.encode()).decode().rstrip("=")


def _iso(milliseconds: int) -> str:
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _relation(url: str, name: str) -> dict[str, Any]:
    return {"links": {"self": f"{url}/relationships/{name}", "related": f"{url}/{name}"}}


def _address(point: Point, town: str) -> dict[str, Any]:
    return {
        "streetName": point.street,
        "streetNumber": point.number,
        "town": town,
        "district": None,
        "building": None,
        "apartment": None,
        "formattedAddress": f"{town}, {point.street}, {point.number}",
        "latitude": 43.240013,
        "longitude": 76.938854,
    }


def _origin(point: Point) -> dict[str, Any]:
    return {
        "id": _key(f"Merchant_{point.code}"),
        "displayName": point.code,
        "address": _address(point, point.city.name),
        "city": {
            "id": _key(point.city.id),
            "code": point.city.id,
            "name": point.city.name,
            "active": True,
        },
    }
