"""A run: cases asked one by one, kept as they finish, summed up, written as one JSON file."""
