"""What a person can do: one function is one transaction, reads included."""
