"""Another emulator, and a SageMaker beside it."""
