/** A checkpoint of one cell or one part of the private memory; the same shape as the live store's Blob. */
export interface StateBlob {
  bucket: string
  field: string
  /** The state up to which offset. */
  upto: number
  bytes: Uint8Array
  /** ms since the epoch after which the bucket may vanish; null = never. A function of the bucket alone. */
  expireAtMs: number | null
}

/** What a checkpoint does with a blob: writes it, or with `bytes` null deletes it. */
export type BlobChange = Omit<StateBlob, 'bytes'> & { bytes: Uint8Array | null }

/** First byte of every blob. */
export const blobFormat = 1

/** Something that keeps checkpoints: PartitionState and PartitionMemory. */
export interface Checkpointed {
  /** Up to `max` blobs of what changed, oldest change first, as it is now. */
  dirtyBlobs(max: number): BlobChange[]
  /** These blobs are in the store. */
  markClean(blobs: readonly BlobChange[]): void
  /** Writing these blobs failed; they will be offered again. */
  markDirty(blobs: readonly BlobChange[]): void
  /** First offset of the oldest commit that blobs don't hold; null = blobs hold everything. The floor is the least of all. */
  oldestDirty(): number | null
}
