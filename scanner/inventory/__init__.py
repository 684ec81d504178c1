"""From evidence to the inventory: identity now; roles, owners, scope and review follow."""
