"""A second opinion of what no list holds: a small model, and what it is told of a sender's cases."""
