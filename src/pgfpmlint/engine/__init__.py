"""Rules over a world: the loop, what is suppressed, and what came of it."""
