"""Words of the operator to all sellers, or to those of one plan."""
