"""The product: one package a noun. No reflex, httpx, playwright or redis in here."""
