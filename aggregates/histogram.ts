import type { ByteReader, ByteWriter } from './binary.ts'

/**
 * A histogram of non-negative integers with at most 5 % relative error: values below 10 exactly, above that buckets
 * whose width grows with the value (log-linear, as HdrHistogram), all in integers so that every machine agrees.
 * The last bucket takes everything from its lower bound on. For latencies in ms and heights in px.
 */
export const bucketCount = 128
/** Lowest value of each bucket. */
const lowest = bounds()
/** Everything from here on lies in the last bucket. */
export const histogramMax = lowest[bucketCount - 1]

/** Bucket by value for the small ones, where most latencies are. */
const direct = new Uint8Array(2_048)
for (let value = 0; value < direct.length; value++) direct[value] = search(value)

function bounds(): Int32Array {
  const list = new Int32Array(bucketCount)
  for (let bucket = 1; bucket < bucketCount; bucket++) {
    const before = list[bucket - 1]
    // From lo to hi = lo + 2·lo/19 the value 2·lo·hi/(lo + hi) is within 5 % of both.
    list[bucket] = before + 1 + Math.floor((2 * before) / 19)
  }
  return list
}

function search(value: number): number {
  let low = 0
  let high = bucketCount - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (lowest[middle] <= value) low = middle
    else high = middle - 1
  }
  return low
}

/** The bucket of a value; negative values count as 0. */
export function bucketOf(value: number): number {
  if (value < direct.length) return value > 0 ? direct[value] : 0
  return search(value)
}

/** The value that stands for a bucket. */
export function valueOf(bucket: number): number {
  const low = lowest[bucket]
  if (bucket === bucketCount - 1) return low
  const high = lowest[bucket + 1] - 1
  return high === low ? low : (2 * low * high) / (low + high)
}

/** Counts by bucket, allocated at the first value. */
export class Histogram {
  counts: Float64Array | null = null
  total = 0

  add(bucket: number, count: number): void {
    this.counts ??= new Float64Array(bucketCount)
    this.counts[bucket] += count
    this.total += count
  }

  addRuns(runs: BucketRuns): void {
    for (let run = 0; run < runs.length; run++) this.add(runs.bucket[run], runs.count[run])
  }

  merge(from: Histogram): void {
    if (from.counts === null) return
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      const count = from.counts[bucket]
      if (count > 0) this.add(bucket, count)
    }
  }

  clear(): void {
    this.counts?.fill(0)
    this.total = 0
  }

  /** The value below which the share `q` (0 to 1) of all lies, or null when empty. */
  quantile(q: number): number | null {
    if (this.counts === null || this.total === 0) return null
    const rank = Math.max(1, Math.ceil(q * this.total))
    let seen = 0
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      seen += this.counts[bucket]
      if (seen >= rank) return valueOf(bucket)
    }
    return valueOf(bucketCount - 1)
  }

  encode(out: ByteWriter): void {
    let used = 0
    if (this.counts !== null) for (const count of this.counts) if (count > 0) used++
    out.u8(used)
    if (used === 0 || this.counts === null) return
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      if (this.counts[bucket] === 0) continue
      out.u8(bucket)
      out.varint(this.counts[bucket])
    }
  }

  /** Adds what encode wrote. */
  decode(from: ByteReader): void {
    for (let used = from.u8(); used > 0; used--) {
      const bucket = from.u8()
      if (bucket >= bucketCount) throw new RangeError(`histogram bucket ${bucket} at offset ${from.offset}`)
      this.add(bucket, from.varint())
    }
  }
}

/** A short list of (bucket, count), for adding the values of one batch to several histograms. */
export class BucketRuns {
  length = 0
  readonly bucket = new Uint8Array(bucketCount)
  readonly count = new Uint32Array(bucketCount)
  /** Place of each bucket in the list + 1; 0 = not there. */
  readonly #place = new Uint8Array(bucketCount)

  add(bucket: number): void {
    let place = this.#place[bucket]
    if (place === 0) {
      this.bucket[this.length] = bucket
      this.count[this.length] = 0
      place = ++this.length
      this.#place[bucket] = place
    }
    this.count[place - 1]++
  }

  clear(): void {
    for (let run = 0; run < this.length; run++) this.#place[this.bucket[run]] = 0
    this.length = 0
  }
}
