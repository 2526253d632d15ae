"""The outer envelope of a report that waited on a phone. The words inside stay sealed."""
