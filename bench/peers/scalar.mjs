// Scalar's mock server is a library: this gives it a document, a port and the HTTP server its guide uses.
import { readFileSync } from 'node:fs'
import { serve } from '@hono/node-server'
import { createMockServer } from '@scalar/mock-server'

const [file, port] = process.argv.slice(2)
const app = await createMockServer({ document: readFileSync(file, 'utf8'), logger: false })
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(port) })
