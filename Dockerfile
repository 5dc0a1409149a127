# JupyterLab on the notebooks, for one person; a volume keeps what that person changes:
#   docker build -t gradlab .
#   docker run --rm --init -p 127.0.0.1:8888:8888 -v gradlab:/home/node/gradlab/my-notebooks gradlab
FROM node:24-bookworm-slim

RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates python3 python3-venv \
  && rm -rf /var/lib/apt/lists/* \
  && mkdir /home/node/gradlab \
  && chown node:node /home/node/gradlab

USER node
WORKDIR /home/node/gradlab
ENV PIP_NO_CACHE_DIR=1 npm_config_update_notifier=false

# The packages change seldom: a layer of their own.
COPY --chown=node:node package.json package-lock.json .npmrc ./
RUN npm ci && npm cache clean --force

# The rest of `npm start`, up to the Python environment and what is built.
COPY --chown=node:node . .
RUN node scripts/start.mjs --version

EXPOSE 8888
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8888/api').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# It prints the address with its token; the variable JUPYTER_TOKEN sets another one.
CMD ["node", "scripts/start.mjs", "--no-browser", "--ip=0.0.0.0", "--port=8888"]
