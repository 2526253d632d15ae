"""Keys and seals, by capability: the folder decides who may import what."""
