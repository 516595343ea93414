import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { limits } from '@sightline/protocol/limits'
import { buildTracker } from './built-tracker.ts'

it('the script that pages load is no larger than its limit, compressed as it is served', async () => {
  const script = await buildTracker('script')
  const bytes = gzipSync(script, { level: 9 }).length
  expect(bytes, `${bytes} bytes`).toBeLessThanOrEqual(limits.trackerGzipBytesMax)
  // Not an empty file, and not one in which the limits weren't put in.
  expect(bytes).toBeGreaterThan(limits.trackerGzipBytesMax / 2)
  expect(script).not.toMatch(/ringBatchesMax|undefined/)
})
