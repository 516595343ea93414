/** Values that vanish some time after they were set. Bounded. */
export class ExpiringMap<K, V> {
  private readonly entries = new Map<K, { value: V; untilMs: number }>()
  private readonly lifeMs: number
  private readonly sizeMax: number
  private readonly now: () => number

  /**
   * @param lifeMs how long a value stays
   * @param sizeMax entries that are taken
   * @param now ms of a clock that never goes back
   */
  constructor(lifeMs: number, sizeMax: number, now: () => number) {
    this.lifeMs = lifeMs
    this.sizeMax = sizeMax
    this.now = now
  }

  /** @throws RangeError when it is full */
  set(key: K, value: V): void {
    this.expire()
    if (!this.entries.has(key) && this.entries.size >= this.sizeMax) {
      throw new RangeError(`presence is full: ${this.sizeMax} entries`)
    }
    this.entries.set(key, { value, untilMs: this.now() + this.lifeMs })
  }

  keys(): K[] {
    this.expire()
    return [...this.entries.keys()]
  }

  values(): V[] {
    this.expire()
    return [...this.entries.values()].map((entry) => entry.value)
  }

  /** Removes what is past its time; true when something was. */
  expire(): boolean {
    const nowMs = this.now()
    let expired = false
    for (const [key, entry] of this.entries) {
      if (entry.untilMs > nowMs) continue
      this.entries.delete(key)
      expired = true
    }
    return expired
  }
}
