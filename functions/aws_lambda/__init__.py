"""How a function starts in AWS: clean the event, then hand it to Zappa or carry out an order."""
