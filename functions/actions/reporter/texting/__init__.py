"""Parts of what an SMS does: where its words are, and what is answered that is no report."""
