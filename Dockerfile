# The page with its weights: docker build --tag residual-hands . && docker run --publish 7860:7860 residual-hands
FROM python:3.11-slim AS build
WORKDIR /build
COPY requirements.lock ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes --requirement requirements.lock

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    GRADIO_TEMP_DIR=/tmp/gradio \
    HF_HOME=/tmp/hub \
    MPLCONFIGDIR=/tmp/matplotlib
RUN useradd --uid 1000 --create-home hands
COPY --from=build /venv /venv
WORKDIR /app
COPY app.py README.md LICENSE ./
COPY model model
COPY explain explain
COPY demo demo
USER 1000
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=90s \
    CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:7860/healthz/ready', timeout=4)"]
ENTRYPOINT ["python", "app.py", "--host", "0.0.0.0", "--port", "7860"]
CMD ["--log"]
