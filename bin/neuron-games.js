#!/usr/bin/env node
import process from 'node:process'

// The tool itself is TypeScript, built into dist/ by `npm install` (prepare).
process.setSourceMapsEnabled(true)
await import('../dist/src/cli.js')
