"""All tables. Importing this package registers every one of them in `SQLModel.metadata`."""

from cube_demper.models.accounts import TokenKind, User, UserRole, UserSession, UserToken
from cube_demper.models.billing import Plan, Subscription, SubscriptionStatus
from cube_demper.models.catalog import DeliveryFilter, Product, ProductCityPrice, Strategy
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
    "KaspiLogin",
    "KaspiStore",
<<<<<<< HEAD
    "LookTempo",
=======
    "MarketLook",
    "MarketMove",
>>>>>>> 3eea7e9 (Price wars are written down with what a sale cost; a consent covers one fall)
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
<<<<<<< HEAD
    "RivalHabit",
=======
    "StoreRival",
>>>>>>> 3eea7e9 (Price wars are written down with what a sale cost; a consent covers one fall)
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
