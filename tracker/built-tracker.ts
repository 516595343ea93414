import { fileURLToPath } from 'node:url'
import { build, type Rollup } from 'vite'

/** The tracker as the build makes it, in memory: the script tag's or the ES module. */
export async function buildTracker(bundle: 'script' | 'module'): Promise<string> {
  const root = fileURLToPath(new URL('.', import.meta.url))
  process.env.SIGHTLINE_BUNDLE = bundle
  const built = (await build({ root, logLevel: 'error', build: { write: false } })) as Rollup.RollupOutput[]
  delete process.env.SIGHTLINE_BUNDLE
  return built[0].output[0].code
}
