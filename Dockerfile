# The whole in one container: `orebro serve` at port 8480, crawling and building every ten minutes.
# Archive, settings (orebro.toml) and public/ lie in the volume /data.
FROM python:3.12-slim

WORKDIR /app
COPY pyproject.toml requirements.txt README.md LICENSE ./
COPY orebro_spiders ./orebro_spiders
COPY feeds ./feeds
RUN pip install --no-cache-dir --constraint requirements.txt '.[serve]' \
    && useradd --uid 10001 --create-home orebro \
    && mkdir /data && chown orebro /data

USER orebro
WORKDIR /data
VOLUME /data
EXPOSE 8480
# Whether the server answers; how the sources fare is told by /halsa.json.
HEALTHCHECK --interval=1m --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8480/api/openapi.json', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["orebro"]
CMD ["serve", "--host", "0.0.0.0", "--every", "10m"]
