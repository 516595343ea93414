/**
 * What has changed since its last checkpoint, with the first offset of the oldest commit that no blob holds yet.
 *
 *   touch → waiting → take → in flight → written      the blob is in the store
 *                                      → returned     the write failed: waiting again, with the old offset
 *
 * An item that is touched while its blob is in flight waits anew.
 */
export class DirtySet<Item> {
  /** In the order of their offsets. */
  #waiting = new Map<Item, number>()
  #inFlight = new Map<Item, number>()

  get size(): number {
    return this.#waiting.size + this.#inFlight.size
  }

  /** The item was changed by the commit that begins at offset `first`. */
  touch(item: Item, first: number): void {
    if (!this.#waiting.has(item)) this.#waiting.set(item, first)
  }

  /** All items whose present state is not in the store. */
  *items(): Iterable<Item> {
    yield* this.#waiting.keys()
    yield* this.#inFlight.keys()
  }

  /** Up to `max` items, oldest first. */
  take(max: number): Item[] {
    const taken: Item[] = []
    for (const [item, first] of this.#waiting) {
      if (taken.length >= max) break
      this.#waiting.delete(item)
      // When it is in flight already, the older offset counts.
      if (!this.#inFlight.has(item)) this.#inFlight.set(item, first)
      taken.push(item)
    }
    return taken
  }

  written(items: Iterable<Item>): void {
    for (const item of items) this.#inFlight.delete(item)
  }

  returned(items: Iterable<Item>): void {
    const waiting = new Map<Item, number>()
    for (const item of items) {
      const first = this.#inFlight.get(item)
      this.#inFlight.delete(item)
      if (first !== undefined) waiting.set(item, first)
    }
    for (const [item, first] of this.#waiting) if (!waiting.has(item)) waiting.set(item, first)
    this.#waiting = waiting
  }

  /** The first offset of the oldest commit that is not wholly in blobs; null = all is. */
  oldest(): number | null {
    let oldest = Infinity
    for (const first of this.#waiting.values()) {
      oldest = first
      break
    }
    for (const first of this.#inFlight.values()) oldest = Math.min(oldest, first)
    return oldest === Infinity ? null : oldest
  }
}
