#!/usr/bin/env node
import process from 'node:process'

// The tool itself is TypeScript, built into dist/ by `npm install` (prepare).
process.setSourceMapsEnabled(true)
await import(process.argv[2] === 'worker' ? '../dist/src/worker.js' : '../dist/src/cli.js')
