"""`image …`: build and test training images here, and manage those in the stack's repository."""
