"""Officers and the mail they get: asking for a link, choosing when letters come."""
