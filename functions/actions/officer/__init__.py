"""What an officer does at the desk."""
