"""PostgreSQL and nothing else: rows and queries in, domain values out."""
