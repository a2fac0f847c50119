"""E-mail, by the clinic's own server or by SendGrid."""
