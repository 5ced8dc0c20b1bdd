"""`logs`: what a training job printed, what a Lambda logged."""
