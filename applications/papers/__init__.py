"""What is set in type: the committee's pack and minutes, a whole file. Nothing here writes."""
