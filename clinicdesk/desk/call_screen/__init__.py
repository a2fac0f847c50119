"""The second monitor, seen by the waiting room: who is called, and where to."""
