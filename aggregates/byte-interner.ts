/**
 * Gives equal byte strings the same small number, without allocating for those that are known: for names that come
 * again and again (click targets). Holds what it is given until `clear`.
 */
export class ByteInterner {
  #entries: Uint8Array[] = []
  #hashes: number[] = []
  /** Entry + 1, 0 = free; at most half full. */
  #slots = new Int32Array(256)

  get size(): number {
    return this.#entries.length
  }

  bytesOf(number: number): Uint8Array {
    return this.#entries[number]
  }

  /** The number of bytes[start, end). */
  intern(bytes: Uint8Array, start: number, end: number): number {
    let hash = 0x811c9dc5
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193)
    hash ^= hash >>> 15
    const mask = this.#slots.length - 1
    let slot = hash & mask
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot] - 1
      if (this.#hashes[entry] === hash && isEqual(this.#entries[entry], bytes, start, end)) return entry
    }
    this.#entries.push(bytes.slice(start, end))
    this.#hashes.push(hash)
    this.#slots[slot] = this.#entries.length
    if (this.#entries.length * 2 > this.#slots.length) this.#grow()
    return this.#entries.length - 1
  }

  clear(): void {
    this.#entries = []
    this.#hashes = []
    this.#slots = new Int32Array(256)
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2)
    const mask = this.#slots.length - 1
    this.#hashes.forEach((hash, entry) => {
      let slot = hash & mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = entry + 1
    })
  }
}

function isEqual(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return false
  return true
}
