import { BatchDecoder } from '@sightline/protocol/batch-decoder'
import type { DecodedBatch } from '@sightline/protocol/decoded-batch'
import type { Refusal } from '@sightline/protocol/errors'

/**
 * Decides whether a batch may become a record: valid by the format's rules, and of the site of the write key. The one
 * decoder is shared by the whole gateway; `batch` holds good until the next check, so its reader must be synchronous.
 */
export class BatchAdmission {
  private readonly decoder = new BatchDecoder()

  /** The batch that was admitted last. */
  get batch(): DecodedBatch {
    return this.decoder
  }

  /** Checks bytes [start, end). Null when admitted, else the reason for which it is refused for good. */
  check(bytes: Uint8Array, start: number, end: number, siteId: number): Refusal | null {
    const refusal = this.decoder.read(bytes, start, end)
    if (refusal !== null) return refusal
    return this.decoder.site === siteId ? null : 'unknown-site'
  }
}
