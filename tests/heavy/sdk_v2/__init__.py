"""The `sagemaker` SDK of the second generation."""
