"""Durable delivery: what is due is claimed, sent once, and followed."""
