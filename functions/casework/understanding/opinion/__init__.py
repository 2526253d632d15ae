"""A second opinion of what no list holds: a small model, what it is told of cases, and what only seems an order."""
