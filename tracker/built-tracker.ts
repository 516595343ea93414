import { fileURLToPath } from 'node:url'
import { build, type Rollup } from 'vite'

/** The script tag's tracker as the build makes it, in memory. */
export async function buildTracker(): Promise<string> {
  process.env.SIGHTLINE_BUNDLE = 'script'
  const root = fileURLToPath(new URL('.', import.meta.url))
  const built = (await build({ root, logLevel: 'error', build: { write: false } })) as Rollup.RollupOutput[]
  delete process.env.SIGHTLINE_BUNDLE
  return built[0].output[0].code
}
