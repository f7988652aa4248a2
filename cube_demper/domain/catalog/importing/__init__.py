"""Terms of goods from a file: what each row would do is shown first, then all of it is done or none."""
