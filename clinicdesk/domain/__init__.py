"""The clinic's words and rules: values and decisions only, no I/O and no clock."""
