"""PDFs: a new document, written from what draws the pages of the old one."""
