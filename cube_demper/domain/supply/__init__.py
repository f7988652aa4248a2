"""Stock by point and pre-orders: what a seller edits, and its way to Kaspi."""
