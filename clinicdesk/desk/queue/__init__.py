"""The queue of messages: what waits, what failed, who sends, and the alert that somebody is needed."""
