"""What can be refused about billing, by theme."""
