"""Words of the seller's frame, translated in the browser; each page keeps its own beside it."""

SEARCH = "Название или артикул"
ALL_STORES = "Все магазины"
NO_STORES = "Нет магазинов"
BOT_PART = "Бот работает в {n} из {m}"
BOT_ALL = "Бот работает"
BOT_SUGGESTS = "Бот советует"
BOT_STOPPED = "Бот остановлен"
BOT_SILENT = "Обработчики не отвечают"
BOT_NO_STORES = "Магазин не подключён"
CHECKED = "проверил"
NEVER_CHECKED = "проверок ещё не было"
NO_NEWS = "Новых уведомлений нет"
NO_NEWS_WHY = (
    "Здесь появится то, что требует вас: вход в Kaspi, остановка бота, подозрительные цены."
)
READ_ALL = "Прочитать все"
NEWS = "Уведомления"
