import { defineConfig, type Plugin } from 'vite'
import { limits } from '../protocol/limits.ts'

/** Puts the few limits that the tracker needs in as numbers, so that it doesn't carry the whole table. */
const limitsAsNumbers: Plugin = {
  name: 'limits-as-numbers',
  enforce: 'post',
  transform: (code) => code.replace(/\blimits\.(\w+)/g, (text, name) => String(limits[name as keyof typeof limits] ?? text)),
}

/** One build makes one file: `SIGHTLINE_BUNDLE=script` the script tag's, else the ES module. */
const script = process.env.SIGHTLINE_BUNDLE === 'script'

export default defineConfig({
  plugins: [limitsAsNumbers],
  resolve: { conditions: ['source'] },
  build: {
    target: 'es2022',
    emptyOutDir: false,
    outDir: 'dist',
    minify: true,
    lib: script
      ? { entry: 'script.ts', formats: ['iife'], name: 'sightline', fileName: () => 'tracker.js' }
      : { entry: 'tracker.ts', formats: ['es'], fileName: () => 'tracker.mjs' },
  },
})
