"""`image …`: training images built and tested here, and those in the stack's repository."""
