"""smsitaly TCP: what is written, what is read, and the session."""
