/** Cells of a chunk; 64 bytes, a cache line. */
const chunkCells = 16
const chunkBits = 4
const countMax = 0xffff_ffff

/**
 * Counts by cell number (up to 2^20), kept in chunks of 16 neighbouring cells that are there when one of them is
 * used. Increments come sorted by cell, so neighbours are added up in the same few cache lines; a hash table would
 * scatter them. Counts stop at 2^32 - 1.
 */
export class GridCounts {
  /** Chunk + 1 by cell number / 16, 0 = none; as long as the highest cell needs. */
  #directory = new Uint16Array(64)
  #chunks = 0
  #counts = new Uint32Array(2 * chunkCells)

  add(index: number, count: number): void {
    const place = index >>> chunkBits
    const chunk = place < this.#directory.length ? this.#directory[place] : 0
    const at = (chunk === 0 ? this.#addChunk(place) : chunk - 1) * chunkCells + (index & (chunkCells - 1))
    const sum = this.#counts[at] + count
    this.#counts[at] = sum > countMax ? countMax : sum
  }

  /** Adds the first `length` increments; quick when they are in ascending order. */
  addAll(indexes: Uint32Array, increments: Uint32Array, length: number): void {
    let place = -1
    let start = 0
    for (let i = 0; i < length; i++) {
      const index = indexes[i]
      if (index >>> chunkBits !== place) {
        place = index >>> chunkBits
        const chunk = place < this.#directory.length ? this.#directory[place] : 0
        start = (chunk === 0 ? this.#addChunk(place) : chunk - 1) * chunkCells
      }
      const at = start + (index & (chunkCells - 1))
      const sum = this.#counts[at] + increments[i]
      this.#counts[at] = sum > countMax ? countMax : sum
    }
  }

  get(index: number): number {
    const place = index >>> chunkBits
    const chunk = place < this.#directory.length ? this.#directory[place] : 0
    return chunk === 0 ? 0 : this.#counts[(chunk - 1) * chunkCells + (index & (chunkCells - 1))]
  }

  /** Cells with a count, by ascending number. */
  forEach(visit: (index: number, count: number) => void): void {
    for (let place = 0; place < this.#directory.length; place++) {
      const chunk = this.#directory[place]
      if (chunk === 0) continue
      const start = (chunk - 1) * chunkCells
      for (let i = 0; i < chunkCells; i++) {
        const count = this.#counts[start + i]
        if (count > 0) visit(place * chunkCells + i, count)
      }
    }
  }

  /** Number of cells with a count. */
  get size(): number {
    let size = 0
    for (let at = this.#chunks * chunkCells - 1; at >= 0; at--) if (this.#counts[at] > 0) size++
    return size
  }

  #addChunk(place: number): number {
    if (place >= this.#directory.length) {
      const directory = new Uint16Array(Math.max(place + 1, this.#directory.length * 2))
      directory.set(this.#directory)
      this.#directory = directory
    }
    if ((this.#chunks + 1) * chunkCells > this.#counts.length) {
      const counts = new Uint32Array(this.#counts.length * 2)
      counts.set(this.#counts)
      this.#counts = counts
    }
    this.#directory[place] = ++this.#chunks
    return this.#chunks - 1
  }
}
