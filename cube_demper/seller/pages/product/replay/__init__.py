"""«Проверить правило»: a rule over the recorded market of the page's product."""
