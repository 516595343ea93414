import { limits } from '@sightline/protocol/limits'
import type { Blob } from './live-store.ts'
import { encodeBlob, storedField } from './redis-codec.ts'

/** One call of put-2.lua. */
export interface PutCall {
  bucket: string
  command: 'HSET' | 'HDEL'
  args: (string | Buffer)[]
}

const markField = '#'

/**
 * The calls that write these blobs: by bucket, and in parts that neither the script's argument limit nor the server's
 * patience minds. Each begins with, or follows, the mark of this put.
 * @param mark `<epoch>:<number>`
 */
export function putCalls(blobs: Blob[], mark: string): PutCall[] {
  const calls: PutCall[] = []
  for (const [bucket, ofBucket] of groupByBucket(blobs)) {
    let set: (string | Buffer)[] = [markField, mark]
    const deleted: string[] = []
    let bytes = 0
    for (const blob of ofBucket) {
      if (blob.bytes === null) {
        deleted.push(storedField(blob.field))
        continue
      }
      if (set.length >= limits.putFieldsMax * 2 || bytes + blob.bytes.length > limits.putBytesMax) {
        calls.push({ bucket, command: 'HSET', args: set })
        set = [markField, mark]
        bytes = 0
      }
      set.push(storedField(blob.field), encodeBlob(blob.upto, blob.bytes))
      bytes += blob.bytes.length
    }
    calls.push({ bucket, command: 'HSET', args: set })
    for (let i = 0; i < deleted.length; i += limits.putFieldsMax) {
      calls.push({ bucket, command: 'HDEL', args: deleted.slice(i, i + limits.putFieldsMax) })
    }
  }
  return calls
}

/** When each bucket of these blobs may vanish: a function of the bucket, so any of its blobs tells. */
export function expiries(blobs: Blob[]): Map<string, number | null> {
  return new Map(blobs.map((blob) => [blob.bucket, blob.expireAtMs]))
}

function groupByBucket(blobs: Blob[]): Map<string, Blob[]> {
  const groups = new Map<string, Blob[]>()
  for (const blob of blobs) {
    const group = groups.get(blob.bucket)
    if (group === undefined) groups.set(blob.bucket, [blob])
    else group.push(blob)
  }
  return groups
}
