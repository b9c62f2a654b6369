// Docker uses this to ask whether the process serves: at the port for metrics if there is one, which any process can
// have, otherwise at the playground; if both are off, there is nothing to ask.
const { METRICS_PORT, PLAYGROUND, PORT } = process.env
const url = METRICS_PORT
  ? `http://127.0.0.1:${METRICS_PORT}/health/ready`
  : PLAYGROUND === 'off'
    ? undefined
    : `http://127.0.0.1:${PORT || 4242}/`
if (url) {
  const { status } = await fetch(url, { signal: AbortSignal.timeout(4_000) })
  if (status !== 200) process.exitCode = 1
}
