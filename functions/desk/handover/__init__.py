"""At the desk: where a case goes, alone or with several at once, and which cases go together."""
