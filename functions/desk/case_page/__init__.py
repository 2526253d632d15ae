"""One case at the desk: its routes, its page, its JSON, and what officers do with it every day."""
