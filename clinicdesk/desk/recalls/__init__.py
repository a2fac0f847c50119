"""Recalls: the worklist of who ought to come again."""
