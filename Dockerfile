# The mock as a container: `docker compose up`, see docs/testing-with-the-mock.md.
FROM python:3.11-slim-bookworm AS build
WORKDIR /source
# pip stays in this stage: the environment that leaves it holds what serves, and nothing that installs.
RUN python -m venv --without-pip /opt/kailenty
COPY pyproject.toml README.md ./
COPY openapi openapi
COPY fixtures fixtures
COPY mock_server mock_server
COPY contract_tests contract_tests
RUN pip --python /opt/kailenty install --no-cache-dir .

FROM python:3.11-slim-bookworm
COPY --from=build /opt/kailenty /opt/kailenty
RUN pip uninstall --yes --quiet pip setuptools wheel
# Nothing is written: state is in memory, and bytecode was compiled as the packages were installed.
ENV PATH=/opt/kailenty/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    KAILENTY_MOCK_SERVE_HOST=0.0.0.0
USER 65532:65532
EXPOSE 8080
HEALTHCHECK --interval=3s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/_mock/health', timeout=2)"]
ENTRYPOINT ["kailenty-mock"]
CMD ["serve"]
