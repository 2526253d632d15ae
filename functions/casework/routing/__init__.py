"""Who should get a case, proposed from its topic, place and words."""
