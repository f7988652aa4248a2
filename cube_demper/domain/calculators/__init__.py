"""Calculators of law: penalties, taxes and state duties. Pure; pages and `cube calc` share them."""
