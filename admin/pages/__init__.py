"""The pages of the admin app, a package each."""
