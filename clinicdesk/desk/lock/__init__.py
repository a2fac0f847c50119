"""The screen of somebody who went away: everything covered at once, and given back exactly."""
