"""All tables, one file an area. A process pays for the areas it imports; `registry` imports every one."""
