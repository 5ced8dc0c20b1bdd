"""What people and machines are told, and how it is worded. Pure."""
