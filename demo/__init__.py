"""The demo: simulated providers, and a real Home Assistant that sends through them."""
