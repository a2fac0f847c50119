"""Paper: a domain value goes in, the bytes of a PDF come out."""
