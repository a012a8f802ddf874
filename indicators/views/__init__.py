"""Staff pages of the indicators: the overview's figures, and what stands behind each."""
