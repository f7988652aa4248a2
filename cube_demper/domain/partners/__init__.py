"""Partners: how sellers come by them, what that earns, what is paid out."""
