"""What an officer's lists consist of: the views of the desk, the lines of a list, and the search."""
