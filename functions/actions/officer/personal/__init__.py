"""What is an officer's own: drafts of answers, reminders."""
