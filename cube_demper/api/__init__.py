"""Plain HTTP in front of an app's pages: sessions, health, the signed-out front page, security headers."""
