"""Writes of billing: one public function for each act."""
