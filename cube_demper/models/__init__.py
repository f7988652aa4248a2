"""All tables. Importing this package registers every one of them in `SQLModel.metadata`."""

from cube_demper.models.accounts import TokenKind, User, UserRole, UserSession, UserToken
from cube_demper.models.billing import Plan, Subscription, SubscriptionStatus
from cube_demper.models.calculations import CalculationKind, SavedCalculation
from cube_demper.models.catalog import CostMethod, Product, ProductCityPrice, Strategy
from cube_demper.models.costs import CostBatch, CostIssue, IssueReason
from cube_demper.models.economics import DeliveryKind, StoreEconomics, TaxRegime
from cube_demper.models.exports import DataExport
from cube_demper.models.feed import (
    CatalogSource,
    FeedImport,
    FeedPull,
    ImportStatus,
    PullOutcome,
    StoreFeed,
)
from cube_demper.models.imports import (
    GoodsImport,
    GoodsImportRow,
    GoodsImportStatus,
    ImportKind,
    RowVerdict,
)
from cube_demper.models.market import CardPulse, LookTempo, RivalHabit
from cube_demper.models.operations import (
    AuditEntry,
    Notification,
    OutboxMessage,
    Proxy,
    WorkerHeartbeat,
)
from cube_demper.models.orders import (
    Order,
    OrderItem,
    OrderSource,
    OrderStatus,
    OrderStatusHistory,
    OrdersToken,
    StatusStep,
    TokenOrigin,
    TokenProblem,
    TokenTask,
)
from cube_demper.models.payouts import (
    DifferenceKind,
    PayoutDifference,
    PayoutLayout,
    PayoutLine,
    PayoutOperation,
    PayoutReport,
    PayoutStatus,
)
from cube_demper.models.polling import OrdersPoll, PollProblem
from cube_demper.models.pricing import MarketSnapshot, PriceHistory, PriceStatus, PricingMemory
from cube_demper.models.rates import Rate, RateConfidence, RateKind
from cube_demper.models.rivalry import MarketLook, MarketMove, PriceWar, StoreRival, WarEnd
from cube_demper.models.staff import Area, StaffMember
from cube_demper.models.stores import (
    ALMATY_CITY_ID,
    BotMode,
    Channel,
    DeliveryFilter,
    DempingSettings,
    KaspiLogin,
    KaspiStore,
    LoginRefusal,
    LoginStep,
    ReauthReason,
)
from cube_demper.models.supply import SupplyChange
from cube_demper.models.syncing import CatalogSync, SyncState
from cube_demper.models.telling import (
    NotificationDelivery,
    NotificationWishes,
    TelegramLink,
    TellChannel,
)
from cube_demper.models.trust import PlaceTally, ReplayResult, ReplayRun, ReplayStatus

__all__ = [
    "ALMATY_CITY_ID",
    "Area",
    "AuditEntry",
    "BotMode",
    "CalculationKind",
    "CardPulse",
    "CatalogSource",
    "CatalogSync",
    "Channel",
    "CostBatch",
    "CostIssue",
    "CostMethod",
    "DataExport",
    "DeliveryFilter",
    "DeliveryKind",
    "DempingSettings",
    "DifferenceKind",
    "FeedImport",
    "FeedPull",
    "GoodsImport",
    "GoodsImportRow",
    "GoodsImportStatus",
    "ImportKind",
    "ImportStatus",
    "IssueReason",
    "KaspiLogin",
    "KaspiStore",
    "LoginRefusal",
    "LoginStep",
    "LookTempo",
    "MarketLook",
    "MarketMove",
    "MarketSnapshot",
    "Notification",
    "NotificationDelivery",
    "NotificationWishes",
    "Order",
    "OrderItem",
    "OrderSource",
    "OrderStatus",
    "OrderStatusHistory",
    "OrdersPoll",
    "OrdersToken",
    "OutboxMessage",
    "PayoutDifference",
    "PayoutLayout",
    "PayoutLine",
    "PayoutOperation",
    "PayoutReport",
    "PayoutStatus",
    "PlaceTally",
    "Plan",
    "PollProblem",
    "PriceHistory",
    "PriceStatus",
    "PriceWar",
    "PricingMemory",
    "Product",
    "ProductCityPrice",
    "Proxy",
    "PullOutcome",
    "Rate",
    "RateConfidence",
    "RateKind",
    "ReauthReason",
    "ReplayResult",
    "ReplayRun",
    "ReplayStatus",
    "RivalHabit",
    "RowVerdict",
    "SavedCalculation",
    "StaffMember",
    "StatusStep",
    "StoreEconomics",
    "StoreFeed",
    "StoreRival",
    "Strategy",
    "Subscription",
    "SubscriptionStatus",
    "SupplyChange",
    "SyncState",
    "TaxRegime",
    "TelegramLink",
    "TellChannel",
    "TokenKind",
    "TokenOrigin",
    "TokenProblem",
    "TokenTask",
    "User",
    "UserRole",
    "UserSession",
    "UserToken",
    "WarEnd",
    "WorkerHeartbeat",
]
