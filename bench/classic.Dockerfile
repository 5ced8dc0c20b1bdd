# The classic SageMaker sample's image, for comparison only: R with its compilers and all that apt recommends for
# them, mda and plumber. In its favour, both come as Debian's packages and not as sources with their libraries.
ARG BASE_IMAGE=public.ecr.aws/docker/library/debian:bookworm-slim
# hadolint ignore=DL3006
FROM ${BASE_IMAGE}
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates wget r-base r-base-dev r-cran-mda r-cran-plumber \
  && rm -rf /var/lib/apt/lists/*
COPY mars.R plumber.R /opt/ml/
ENTRYPOINT ["/usr/bin/Rscript", "/opt/ml/mars.R", "--no-save"]
