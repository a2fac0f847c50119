"""The desks of a clinic server: who is there, a code for one more, and the end of one."""
