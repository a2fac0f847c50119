"""What crosses the internet: a process of its own, over the same use cases as the desk."""
