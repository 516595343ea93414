/** Counts by cell number: open addressing in typed arrays, at most half full. */
export class GridCounts {
  size = 0
  /** Cell number + 1, 0 = free. */
  #keys = new Uint32Array(16)
  #counts = new Float64Array(16)

  add(index: number, count: number): void {
    const key = index + 1
    const mask = this.#keys.length - 1
    let slot = Math.imul(key, 0x9e3779b1) & mask
    while (this.#keys[slot] !== key) {
      if (this.#keys[slot] === 0) {
        this.#keys[slot] = key
        this.#counts[slot] = count
        this.size++
        if (this.size * 2 > this.#keys.length) this.#grow()
        return
      }
      slot = (slot + 1) & mask
    }
    this.#counts[slot] += count
  }

  get(index: number): number {
    const key = index + 1
    const mask = this.#keys.length - 1
    for (let slot = Math.imul(key, 0x9e3779b1) & mask; ; slot = (slot + 1) & mask) {
      if (this.#keys[slot] === key) return this.#counts[slot]
      if (this.#keys[slot] === 0) return 0
    }
  }

  /** In no particular order. */
  forEach(visit: (index: number, count: number) => void): void {
    for (let slot = 0; slot < this.#keys.length; slot++) {
      if (this.#keys[slot] !== 0) visit(this.#keys[slot] - 1, this.#counts[slot])
    }
  }

  /** Cell numbers, ascending. */
  indexes(): Uint32Array {
    const list = new Uint32Array(this.size)
    let at = 0
    for (const key of this.#keys) if (key !== 0) list[at++] = key - 1
    return list.sort()
  }

  #grow(): void {
    const [keys, counts] = [this.#keys, this.#counts]
    this.#keys = new Uint32Array(keys.length * 2)
    this.#counts = new Float64Array(keys.length * 2)
    this.size = 0
    for (let slot = 0; slot < keys.length; slot++) if (keys[slot] !== 0) this.add(keys[slot] - 1, counts[slot])
  }
}
