"""What providers tell us: webhooks in, health and figures out."""
