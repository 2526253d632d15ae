"""Start of a function in AWS: clean the event, then pass it to Zappa or carry out an order."""
