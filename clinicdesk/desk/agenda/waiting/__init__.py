"""The waiting list on the desk: its rows, its form, and who would like a free time."""
