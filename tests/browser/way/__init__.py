"""Steps of one start-up's way through the house, by everybody's pages."""
