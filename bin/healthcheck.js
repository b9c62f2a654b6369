// Docker asks with this whether the playground still answers; where it is off there is nothing to ask.
const { PLAYGROUND, PORT } = process.env
if (PLAYGROUND !== 'off') {
  const { status } = await fetch(`http://127.0.0.1:${PORT || 4242}/`, { signal: AbortSignal.timeout(4_000) })
  if (status !== 200) process.exitCode = 1
}
