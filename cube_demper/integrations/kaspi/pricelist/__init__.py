"""Kaspi's price list (KASPI.md §6): writing the XML, reading XML, XLSX and CSV."""
