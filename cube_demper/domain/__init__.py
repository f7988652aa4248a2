"""The product: one package a noun. No reflex, aiohttp, playwright or redis in here."""
