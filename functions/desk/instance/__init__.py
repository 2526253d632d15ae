"""A coordinator's own instance at the desk, and second factors of its officers: routes, and what they show."""
