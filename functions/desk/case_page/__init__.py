"""Parts of a case's page: its facts, its tabs, its JSON, and the drafts, reminders and confirmations of its forms."""
