import { minify } from 'terser'
import { defineConfig, type Plugin } from 'vite'
import { limits } from '../protocol/limits.ts'
import { ownNames } from './own-names.ts'

/** Puts the few limits that the tracker needs in as numbers, so that it doesn't carry the whole table. */
const limitsAsNumbers: Plugin = {
  name: 'limits-as-numbers',
  enforce: 'post',
  transform: (code) =>
    code.replace(/\blimits\.(\w+)/g, (text, name) => String(limits[name as keyof typeof limits] ?? text)),
}

/** Shortens also the names of members: the bundle is all there is that uses them. */
const shortNames: Plugin = {
  name: 'short-names',
  async generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) if (file.type === 'chunk') file.code = await shorten(file.code)
  },
}

async function shorten(code: string): Promise<string> {
  // The compiler saw to it that no constant is assigned to, and one keyword packs better than two.
  const short = await minify(code.replace(/\bconst /g, 'let '), {
    toplevel: true,
    ecma: 2020,
    compress: { passes: 3, unsafe_arrows: true, unsafe_methods: true },
    format: { ascii_only: true },
    mangle: { properties: { builtins: true, regex: new RegExp(`^(${ownNames.join('|')})$`) } },
  })
  return short.code!
}

/** One build makes one file: `SIGHTLINE_BUNDLE=script` the script tag's, else the ES module. */
const script = process.env.SIGHTLINE_BUNDLE === 'script'

export default defineConfig({
  plugins: [limitsAsNumbers, shortNames],
  resolve: { conditions: ['source'] },
  build: {
    target: 'es2022',
    emptyOutDir: false,
    outDir: 'dist',
    minify: false,
    lib: script
      ? { entry: 'script.ts', formats: ['iife'], name: 'sightline', fileName: () => 'tracker.js' }
      : { entry: 'tracker.ts', formats: ['es'], fileName: () => 'tracker.mjs' },
  },
})
