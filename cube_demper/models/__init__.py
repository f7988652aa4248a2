"""All tables. Importing this package registers every one of them in `SQLModel.metadata`."""

from cube_demper.models.accounts import TokenKind, User, UserRole, UserSession, UserToken
from cube_demper.models.billing import Plan, Subscription, SubscriptionStatus
from cube_demper.models.catalog import DeliveryFilter, Product, ProductCityPrice, Strategy
from cube_demper.models.imports import GoodsImport, GoodsImportRow, ImportStatus, RowVerdict
from cube_demper.models.market import CardPulse, LookTempo, RivalHabit
from cube_demper.models.operations import (
    AuditEntry,
    Notification,
    OutboxMessage,
    Proxy,
    WorkerHeartbeat,
)
from cube_demper.models.pricing import MarketSnapshot, PriceHistory, PriceStatus, PricingMemory
from cube_demper.models.rivalry import MarketLook, MarketMove, PriceWar, StoreRival, WarEnd
from cube_demper.models.stores import (
    ALMATY_CITY_ID,
    BotMode,
    Channel,
    DempingSettings,
    KaspiLogin,
    KaspiStore,
    ReauthReason,
)

__all__ = [
    "ALMATY_CITY_ID",
    "AuditEntry",
    "BotMode",
    "CardPulse",
    "Channel",
    "DeliveryFilter",
    "DempingSettings",
    "GoodsImport",
    "GoodsImportRow",
    "ImportStatus",
    "KaspiLogin",
    "KaspiStore",
    "LookTempo",
    "MarketLook",
    "MarketMove",
    "MarketSnapshot",
    "Notification",
    "OutboxMessage",
    "Plan",
    "PriceHistory",
    "PriceStatus",
    "PriceWar",
    "PricingMemory",
    "Product",
    "ProductCityPrice",
    "Proxy",
    "ReauthReason",
    "RivalHabit",
    "RowVerdict",
    "StoreRival",
    "Strategy",
    "Subscription",
    "SubscriptionStatus",
    "TokenKind",
    "User",
    "UserRole",
    "UserSession",
    "UserToken",
    "WarEnd",
    "WorkerHeartbeat",
]
