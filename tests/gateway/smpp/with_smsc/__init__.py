"""A gateway, an SMPP account and a simulated SMSC: messages to their end."""
