const subBits = 3
const buckets = 32 << subBits

/** Durations of a stage's own work, for its reports: in a histogram of 12 % steps, from 1 µs to over an hour. No allocation per duration. */
export class DurationHistogram {
  private readonly counts = new Uint32Array(buckets)
  private total = 0

  /** ms, with fractions. */
  add(durationMs: number): void {
    this.counts[bucketOf(durationMs)]++
    this.total++
  }

  /** ms that `share` (0 to 1) of the durations did not exceed; 0 when there are none. */
  quantileMs(share: number): number {
    let left = Math.ceil(this.total * share)
    if (left === 0) return 0
    for (let bucket = 0; bucket < buckets; bucket++) {
      left -= this.counts[bucket]
      if (left <= 0) return upperMicroseconds(bucket) / 1_000
    }
    return upperMicroseconds(buckets - 1) / 1_000
  }

  clear(): void {
    this.counts.fill(0)
    this.total = 0
  }
}

/** The exponent of the duration in µs and the three bits behind its leading one. */
function bucketOf(durationMs: number): number {
  const microseconds = Math.min(0x7fffffff, Math.max(1, durationMs * 1_000)) | 0
  const exponent = 31 - Math.clz32(microseconds)
  const sub =
    exponent >= subBits
      ? (microseconds >>> (exponent - subBits)) & 7
      : (microseconds << (subBits - exponent)) & 7
  return (exponent << subBits) | sub
}

function upperMicroseconds(bucket: number): number {
  const exponent = bucket >>> subBits
  return 2 ** exponent * (1 + ((bucket & 7) + 1) / 8)
}
