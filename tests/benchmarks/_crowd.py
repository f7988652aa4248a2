"""A full product: 1,000,000 goods in 400 stores, made inside Postgres in seconds."""

from __future__ import annotations

from cube_demper.embedded import Services
from cube_demper.embedded.services import DATABASE

STORES = 400

_USERS = """
INSERT INTO users (id, email, password_hash, full_name, role, locale, referral_code)
SELECT md5('user' || n)::uuid, 'user' || n || '@example.kz', '-', 'Продавец', 'user', 'ru',
    lpad(n::text, 8, '0')
FROM generate_series(1, {stores}) AS n;
INSERT INTO subscriptions (user_id, plan, status, current_period_start, current_period_end)
SELECT id, 'pro', 'active', now() - interval '1 day', now() + interval '29 days' FROM users;
INSERT INTO kaspi_stores (
    id, user_id, merchant_id, name, channel, home_city_id, ai_send_delay_minutes,
    ai_max_messages_per_day, guid, points
)
SELECT md5('store' || n)::uuid, md5('user' || n)::uuid, (30000000 + n)::text, 'Магазин ' || n,
    'cabinet', '750000000', 0, 0,
    '{{"v": 1, "cookies": "x", "merchant_uid": "1"}}',
    '[{{"id": "1_PP1", "name": "PP1", "cityId": "750000000", "cityName": "Алматы", "enabled": true}}]'
FROM generate_series(1, {stores}) AS n;
INSERT INTO demping_settings (store_id, work_hours_start, work_hours_end)
SELECT id, NULL, NULL FROM kaspi_stores;
"""
# 2.5 products a card; the due ones are spread over all stores and the last half hour.
_PRODUCTS = """
INSERT INTO products (
    store_id, kaspi_product_id, kaspi_sku, external_kaspi_id, name, model, brand, price, min_price,
    base_price, bot_active, bot_enabled_at, next_check_at
)
SELECT md5('store' || n % {stores} + 1)::uuid, n::text, 'SKU-' || n,
    (100000000 + (n / 2.5)::int)::text, 'Смартфон Apple iPhone 13 128Gb, ' || n, 'iPhone 13', 'Apple',
    36178800, 30000000, 36178800, true, now() - interval '1 day',
    now() + CASE WHEN n % 1000 < {due_of_1000} THEN -random() ELSE 1 + random() END
        * interval '30 minutes'
FROM generate_series(1, {products}) AS n;
"""
_MEMORIES = """
INSERT INTO pricing_memory (product_id, city_id, memory)
SELECT id, '750000000', '{"window_prices": [{"at": "2026-11-22T07:00:00+00:00", "price": 36178800}],
    "last_decision": {"action": "hold", "reason": "price_is_right"}}'
FROM products WHERE next_check_at <= now();
"""


def fill(services: Services, *, products: int, due: int, stores: int = STORES) -> None:
    """Fill the empty database; every bot is on and every store can be served."""
    sizes = {"stores": stores, "products": products, "due_of_1000": due * 1000 // products}
    for statement in (_USERS.format(**sizes), _PRODUCTS.format(**sizes), _MEMORIES):
        services.postgres.run_sql(statement, DATABASE)
    services.postgres.run_sql("VACUUM ANALYZE", DATABASE)
