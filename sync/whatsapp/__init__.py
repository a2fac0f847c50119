"""WhatsApp through whichever provider the clinic has."""
