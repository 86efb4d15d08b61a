"""A small studio: renders people who plank and crunch, with every joint's place known."""
