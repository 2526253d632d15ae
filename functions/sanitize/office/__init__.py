"""Word, Excel and OpenDocument files: new documents from what the old ones show."""
