"""Faults that need rights or time of their own: each module is a command, none is part of the plain run."""
