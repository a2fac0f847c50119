"""A lifelike clinic made from a seed: plausible people, a catalogue and years of agenda, the same on every computer."""
