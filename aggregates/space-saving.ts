import type { ByteReader, ByteWriter } from './binary.ts'

/**
 * Counts by key: exactly for up to `capacity` different keys, then by the space-saving algorithm (Metwally, Agrawal,
 * El Abbadi 2005): a new key takes the place of the one with the lowest count and inherits that count as its possible
 * error. Then for each key kept  count - error ≤ true count ≤ count,  and for each other one  true count ≤ floor.
 *
 * The result depends on the order of increments, so increments must be applied one by one in record order. Of several
 * lowest counts the one in the lowest slot goes: slots are part of the encoding, so that a reload goes on the same way.
 */
export class SpaceSaving {
  readonly #capacity: number
  readonly #slots = new Map<string, number>()
  #keys: string[] = []
  #counts: number[] = []
  #errors: number[] = []
  /** Binary heap of slots by (count, slot), built when the last slot is taken. */
  #heap: number[] | null = null
  /** Place of each slot in the heap. */
  #places: number[] = []

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#keys.length
  }

  /** No key was ever displaced: all counts are exact. */
  get isExact(): boolean {
    return this.floor === 0
  }

  /** The highest count that a key which isn't here may have. */
  get floor(): number {
    return this.#displaced ? this.#counts[this.#lowest()] : 0
  }

  #displaced = false

  add(key: string, count: number): void {
    const slot = this.#slots.get(key)
    if (slot !== undefined) {
      this.#counts[slot] += count
      if (this.#heap !== null) this.#sink(this.#places[slot])
      return
    }
    if (this.#keys.length < this.#capacity) {
      this.#slots.set(key, this.#keys.length)
      this.#keys.push(key)
      this.#counts.push(count)
      this.#errors.push(0)
      return
    }
    this.#displaced = true
    const lowest = this.#lowest()
    this.#slots.delete(this.#keys[lowest])
    this.#slots.set(key, lowest)
    this.#keys[lowest] = key
    this.#errors[lowest] = this.#counts[lowest]
    this.#counts[lowest] += count
    this.#sink(0)
  }

  /** Keys in the order of their slots, with the most by which each count may be too high. */
  forEach(visit: (key: string, count: number, error: number) => void): void {
    for (let slot = 0; slot < this.#keys.length; slot++)
      visit(this.#keys[slot], this.#counts[slot], this.#errors[slot])
  }

  has(key: string): boolean {
    return this.#slots.has(key)
  }

  encode(out: ByteWriter): void {
    out.u8(this.#displaced ? 1 : 0)
    out.varint(this.#keys.length)
    this.forEach((key, count, error) => {
      out.string(key)
      out.varint(count)
      if (this.#displaced) out.varint(error)
    })
  }

  /** Into an empty one. */
  decode(from: ByteReader): void {
    this.#displaced = from.u8() === 1
    for (let left = from.count(2); left > 0; left--) {
      const key = from.string()
      this.#slots.set(key, this.#keys.length)
      this.#keys.push(key)
      this.#counts.push(from.varint())
      this.#errors.push(this.#displaced ? from.varint() : 0)
    }
  }

  /** Slot with the lowest count. */
  #lowest(): number {
    if (this.#heap === null) {
      this.#heap = this.#keys.map((_, slot) => slot)
      this.#places = this.#keys.map((_, slot) => slot)
      for (let place = this.#heap.length >> 1; place >= 0; place--) this.#sink(place)
    }
    return this.#heap[0]
  }

  #isLower(a: number, b: number): boolean {
    return this.#counts[a] < this.#counts[b] || (this.#counts[a] === this.#counts[b] && a < b)
  }

  #sink(start: number): void {
    const heap = this.#heap as number[]
    const slot = heap[start]
    let place = start
    for (;;) {
      let child = place * 2 + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && this.#isLower(heap[child + 1], heap[child])) child++
      if (!this.#isLower(heap[child], slot)) break
      heap[place] = heap[child]
      this.#places[heap[place]] = place
      place = child
    }
    heap[place] = slot
    this.#places[slot] = place
  }
}
