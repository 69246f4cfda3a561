# Consentry as an image: built with its own toolchain, run without it, without a shell's worth of tools, not as root.
# Folders to mount: /policies (read-only), /data, /keys, /guard, each on its own volume.

FROM node:26-bookworm-slim AS build
WORKDIR /build
COPY . .
RUN npm ci
# What runs: the program, its production dependencies, and the Node that it was built and tested with.
RUN mkdir -p /image/bin && cp -L node_modules/node/bin/node /image/bin/node
RUN npm ci --omit=dev --ignore-scripts
# The demo signs in everybody and stays out.
RUN rm -rf dist/demo && cp -R dist policies node_modules package.json LICENSE /image/

FROM debian:bookworm-slim
# The one library that Node needs and this image lacks.
RUN apt-get update && apt-get install -y --no-install-recommends libatomic1 && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10001 consentry \
 && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin consentry \
 && install -d -o 10001 -g 10001 -m 0700 /data /keys /guard \
 && install -d /policies
COPY --from=build /image /opt/consentry
# What is freed goes back to the system, and threads share two stores of memory instead of having one each.
ENV MALLOC_ARENA_MAX=2 \
    MALLOC_TRIM_THRESHOLD_=131072
ENV NODE_ENV=production \
    PATH=/opt/consentry/bin:/usr/bin:/bin \
    CONSENTRY_LISTEN=0.0.0.0:8080 \
    CONSENTRY_OPS_LISTEN=0.0.0.0:9464 \
    CONSENTRY_POLICIES=/policies \
    CONSENTRY_DATA=/data \
    CONSENTRY_KEYS=/keys \
    CONSENTRY_GUARD=/guard
USER 10001:10001
WORKDIR /data
VOLUME ["/data", "/keys", "/guard"]
EXPOSE 8080 9464
# Publish 8080 only; 9464 is for the platform's own checks.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9464/readyz', { signal: AbortSignal.timeout(2500) }).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "--max-semi-space-size=3", "--heap-growing-percent=30", "--no-allocation-site-pretenuring", "--external-memory-accounted-in-global-limit", "/opt/consentry/dist/main.js"]
CMD ["serve"]
