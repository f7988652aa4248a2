"""What orders brought: revenue, average order, cancellations and returns, by day, hour and place."""

from cube_demper.seller.pages.orders_analytics.page import analytics_page
from cube_demper.seller.pages.orders_analytics.state import AnalyticsState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/orders/analytics",
    title="Аналитика заказов",
    view=analytics_page,
    on_load=[AnalyticsState.load, AnalyticsState.watch],
)
