const blockBytes = 16_384
/** Longer values get memory of their own: they would waste too much of a block. */
const sharingBytesMax = blockBytes / 8

/** A block that is being filled. */
interface Block {
  bytes: Uint8Array
  used: number
}

/**
 * Copies messages into blocks, one open block per partition. A message is a view into what one read of a socket
 * returned, up to 64 KB: as a waiting record it would hold all of that. Records of one partition settle in their order,
 * so a block is free soon after its first record is, and what the log counts as pending is what is held, but for the
 * open blocks.
 */
export class ValueBlocks {
  private readonly blocks: Block[]

  constructor(partitions: number) {
    this.blocks = Array.from({ length: partitions }, () => ({ bytes: new Uint8Array(0), used: 0 }))
  }

  /** The message's bytes in memory of our own, which nothing will change. */
  copy(partition: number, message: Uint8Array): Uint8Array {
    const length = message.length
    if (length > sharingBytesMax) return new Uint8Array(message)
    const block = this.blocks[partition]
    if (block.bytes.length - block.used < length) {
      block.bytes = new Uint8Array(Buffer.allocUnsafeSlow(blockBytes).buffer)
      block.used = 0
    }
    const value = block.bytes.subarray(block.used, block.used + length)
    value.set(message)
    block.used += length
    return value
  }
}
