"""How notices leave: one interface, a mail server, SES, or a folder to look at behind it."""
