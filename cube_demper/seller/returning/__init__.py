"""«Вернуть цены часа назад»: one question for the bot's page and for a selection of goods."""
