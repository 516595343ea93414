import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  build: {
    // Beside the compiled server, which tsc puts into dist/server.
    outDir: 'dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // The demo server's content security policy allows files of the site only, no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
