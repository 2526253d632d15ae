"""What ops do at a terminal."""
