"""Processing jobs: a container that reads inputs below /opt/ml/processing, and whose outputs there go to S3.

docs.aws.amazon.com/sagemaker/latest/dg/build-your-own-processing-container.html
"""
