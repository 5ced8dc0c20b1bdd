"""The edge of what the local AWS answers for SageMaker: each operation is built, moto's on purpose, or refused."""
