"""Notifications and how they are worded. Pure."""
