"""The merchant's cabinet, mc.shop.kaspi.kz: session, goods, points and GraphQL (KASPI.md §2, §5)."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from cube_demper.sandbox import graphql, product_page, rows
from cube_demper.sandbox.sessions import ingress_value
from cube_demper.sandbox.upload import Upload
from cube_demper.sandbox.web import Backstage, Call, Host, bad_request, json_response
from cube_demper.sandbox.world import Account, StoreListing

_LARGEST_LIST = 100
_USUAL_LIST = 10


class Cabinet(Host):
    """Answers for mc.shop.kaspi.kz to signed-in sellers."""

    name = "cabinet"

    def __init__(self, backstage: Backstage) -> None:
        """Show the stores of whoever is signed in."""
        super().__init__(backstage)
        self.sessions = backstage.sessions
        upload = Upload(backstage.market, backstage.limits, backstage.journal)
        feed = "/pricefeed/upload/merchant/process"
        self.app = Starlette(
            routes=[
                self.route("/s/m", "me", self.me, "GET"),
                self.route("/bff/offer-view/list", "list", self.list_goods, "GET"),
                self.route("/bff/offer-view/details", "details", self.details, "GET"),
                self.route("/bff/offer-view/points", "points", self.points, "GET"),
                self.route("/offers/api/v1/offer/details", "details_many", self.many, "POST"),
                self.route("/offers/api/v1/offer/count", "count", self.count, "GET"),
                self.route("/offers/api/v1/price/lowest", "lowest", self.lowest, "GET"),
                self.route("/mc/facade/graphql", "graphql", self.graphql, "POST"),
                *self._feed_routes(upload, feed),
            ]
        )

    def _feed_routes(self, upload: Upload, feed: str) -> list[Route]:
        protocol = "/pricefeed/protocol/merchant/offer/list/s"
        return [
            self.route(feed, "process", upload.process, "POST"),
            self.route(f"{feed}/process/batch", "batch", upload.batch, "POST"),
            self.route(protocol, "protocol", upload.protocol, "POST"),
        ]

    def identify(self, call: Call) -> None:
        """Read the store from the address or the body."""
        query = call.request.query_params
        first = call.body[0] if isinstance(call.body, list) and call.body else call.body
        inside = first.get("merchantUid") if isinstance(first, dict) else None
        names = ("m", "merchantUid", "_m", "merchantId")
        found = next((query[name] for name in names if query.get(name)), inside)
        call.store = str(found) if found else None

    def guard(self, call: Call) -> Response | None:
        """Answer 401 without a session, 403 without the header or for somebody else's store."""
        account = self.account(call)
        if account is None:
            response = json_response({}, 401)
            response.set_cookie("mc-session", ingress_value(), httponly=True)
            return response
        if call.request.headers.get("x-auth-version") is None:
            return json_response({"error": "X-Auth-Version"}, 403)
        if call.route in ("me", "graphql", "lowest"):
            return None
        if call.store is None:
            return bad_request("merchant is required")
        if call.store not in account.merchant_uids:
            return json_response({"error": "Forbidden"}, 403)
        return bad_request("JSON expected") if call.has_bad_body else None

    def account(self, call: Call) -> Account | None:
        """Return who is signed in."""
        return self.sessions.account_of(call.request.cookies.get("mc-sid"))

    def me(self, call: Call) -> Response:
        """Answer `GET /s/m`: the merchants of this session."""
        account = self._known(call)
        merchants = [
            {"uid": uid, "name": self.market.world.merchants[uid].name}
            for uid in account.merchant_uids
        ]
        response = json_response({"merchants": merchants})
        response.headers["X-Principal-Type"] = "2"
        return response

    def list_goods(self, call: Call) -> Response:
        """Answer one page of the goods, on sale (`a=true`), removed (`a=false`) or both."""
        query = call.request.query_params
        try:
            page, limit = int(query.get("p", 0)), int(query.get("l", _USUAL_LIST))
        except ValueError:
            return bad_request("p and l are numbers")
        if page < 0 or not 1 <= limit <= _LARGEST_LIST:
            return bad_request("p or l is out of range")
        goods = self.market.goods(call.store or "")
        if (wanted := query.get("a")) is not None:
            goods = [good for good in goods if good.is_on_sale is (wanted == "true")]
        if text := query.get("t", "").strip():
            goods = [good for good in goods if text in (good.sku, good.card_id)]
        shown = goods[page * limit : (page + 1) * limit]
        data = [rows.list_row(good, self._card(good)) for good in shown]
        return json_response({"data": data, "total": len(goods)})

    def details(self, call: Call) -> Response:
        """Answer one product in full."""
        good = self._good(call, call.request.query_params.get("s", ""))
        if good is None:
            return json_response({"error": "Not Found"}, 404)
        return json_response(product_page.details(good, self._card(good)))

    def many(self, call: Call) -> Response:
        """Answer the products that were asked for; an unknown SKU is simply not there."""
        wanted = call.body.get("sku") if isinstance(call.body, dict) else None
        if not isinstance(wanted, list):
            return bad_request("sku: array expected")
        call.note["skus"] = len(wanted)
        goods = [good for sku in wanted if (good := self._good(call, str(sku)))]
        return json_response([rows.short_row(good, self._card(good)) for good in goods])

    def count(self, call: Call) -> Response:
        """Answer how many goods are on sale and how many are removed."""
        goods = self.market.goods(call.store or "")
        published = sum(good.is_on_sale for good in goods)
        return json_response({"published": published, "archived": len(goods) - published})

    def points(self, call: Call) -> Response:
        """Answer the store's points by city."""
        merchant = self.market.world.merchants[call.store or ""]
        by_city: dict[str, dict[str, Any]] = {}
        for point in merchant.points:
            city = {"cityId": point.city.id, "cityName": point.city.name, "points": []}
            by_city.setdefault(point.city.id, city)["points"].append(
                {
                    "storeCode": point.code,
                    "displayName": point.code,
                    "active": point.enabled,
                    "address": rows.address(point),
                }
            )
        return json_response(list(by_city.values()))

    def lowest(self, call: Call) -> Response:
        """Answer the cheapest price on a card anywhere."""
        card = self.market.world.cards.get(call.request.query_params.get("s", ""))
        if card is None:
            return json_response({"price": None})
        self.market.advance(card)
        prices = [
            price
            for listing in card.listings
            for city_id in listing.prices
            if (price := listing.price_in(city_id)) is not None
        ]
        return json_response({"price": float(min(prices)) if prices else None})

    def graphql(self, call: Call) -> Response:
        """Answer a GraphQL operation."""
        operation = call.request.query_params.get("opName")
        account = self._known(call)
        call.note["operation"] = operation
        world, now = self.market.world, int(call.now * 1000)
        return json_response(graphql.answer(world, account, call.body, operation, now))

    def _known(self, call: Call) -> Account:
        account = self.account(call)
        assert account is not None  # noqa: S101 - `guard` has answered strangers
        return account

    def _good(self, call: Call, sku: str) -> StoreListing | None:
        self.market.settle()
        return self.market.listing_of_store(call.store or "", sku)

    def _card(self, good: StoreListing) -> Any:
        return self.market.world.cards[good.card_id]
