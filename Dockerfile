# syntax=docker/dockerfile:1
# Targets: `cpu` (the default) and `cuda`. Both serve the playground on port 4242 and keep their state in /data, as
# the same user, by number: the base images call it differently.
#   docker build -t neuron-games . && docker run -p 127.0.0.1:4242:4242 -v neuron-games:/data neuron-games
#   docker build --target cuda -t neuron-games:cuda . && docker run --gpus all ... neuron-games:cuda

FROM node:26-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY commands commands
# What the keys of the catalogues are is read from the English one.
COPY assets/languages assets/languages
RUN npm run build

FROM node:26-bookworm-slim AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM node:26-bookworm-slim AS app
ENV NODE_ENV=production XDG_CACHE_HOME=/data/cache HOST=0.0.0.0 SLACK_HOST=0.0.0.0 STORE_URL=sqlite:///data/neuron-games.db
WORKDIR /app
COPY package.json LICENSE THIRD_PARTY_NOTICES.md ./
COPY bin bin
COPY assets assets
COPY models models
COPY --from=build /app/dist dist
RUN mkdir /data && chown 1000:1000 /data
VOLUME /data
EXPOSE 4242
HEALTHCHECK --start-period=60s CMD ["node", "bin/healthcheck.js"]
STOPSIGNAL SIGTERM
CMD ["node", "--enable-source-maps", "dist/src/main.js"]

# ONNX Runtime fetches its CUDA libraries from outside the package registry: the only step that needs that.
FROM modules AS modules-cuda
RUN ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install

FROM nvidia/cuda:13.0.2-cudnn-runtime-ubuntu24.04 AS cuda
# Node 26 needs it, and only its own image brings it along.
RUN apt-get update && apt-get install -y --no-install-recommends libatomic1 && rm -rf /var/lib/apt/lists/*
COPY --from=app /usr/local/bin/node /usr/local/bin/node
COPY --from=app /app /app
COPY --from=modules-cuda /app/node_modules /app/node_modules
ENV NODE_ENV=production XDG_CACHE_HOME=/data/cache HOST=0.0.0.0 SLACK_HOST=0.0.0.0 STORE_URL=sqlite:///data/neuron-games.db PROVIDER=auto
WORKDIR /app
RUN mkdir /data && chown 1000:1000 /data
USER 1000:1000
VOLUME /data
EXPOSE 4242
HEALTHCHECK --start-period=60s CMD ["node", "bin/healthcheck.js"]
STOPSIGNAL SIGTERM
CMD ["node", "--enable-source-maps", "dist/src/main.js"]

FROM app AS cpu
COPY --from=modules /app/node_modules node_modules
USER 1000:1000
