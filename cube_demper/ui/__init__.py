"""The Reflex kit that all apps share: one way to do each thing (UI.md). It knows no app."""
