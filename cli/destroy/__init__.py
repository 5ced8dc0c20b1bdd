"""`destroy`: show what would be deleted and what would stay, then delete the stack; data need a second confirmation."""
