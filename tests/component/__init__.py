"""The integration inside a Home Assistant of the test harness."""
