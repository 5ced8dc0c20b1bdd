"""`deploy`: what would change is computed and shown, then CloudFormation makes it so."""
