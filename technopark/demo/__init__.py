"""The demo: invented people and companies on the real network."""
