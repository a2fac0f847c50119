"""The screens: everything that knows Qt, and nothing that knows SQL."""
