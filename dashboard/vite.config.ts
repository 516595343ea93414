import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig } from 'vite'

/** Live server that `vite` (development) forwards the API and the viewer socket to. */
const liveUrl = process.env.SIGHTLINE_LIVE_URL ?? 'http://127.0.0.1:7070'

export default defineConfig({
  plugins: [react()],
  // The protocol package is bundled from its sources: no build of it is needed first.
  resolve: { conditions: ['source', ...defaultClientConditions] },
  worker: { format: 'es' },
  server: {
    host: '127.0.0.1',
    // The Host header stays as it is: the live server compares it with the socket's Origin.
    proxy: { '/api': { target: liveUrl, ws: true, changeOrigin: false } },
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // The live server's content security policy allows files of its own only, no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
