"""The first run: from an empty data folder to a clinic at work, or to one that stands on a server already."""
