"""SageMaker beside another AWS emulator, which answers everything else."""
