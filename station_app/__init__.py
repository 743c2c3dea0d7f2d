"""The village station: the program on the counter."""
