"""What is set in type about a lease: contract, amendment, letters. Nothing here writes."""
