"""What providers deliver, read: from bytes to what somebody told."""
