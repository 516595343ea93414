/**
 * The latest points, as columns, oldest first; when it is full the newest takes the place of the oldest.
 * Positions are absolute (0, 1, 2, … since the ring began); the slot of a position is `position % capacity`.
 */
export class PointRing {
  readonly capacity: number
  /** Page px. */
  readonly x: Uint32Array
  readonly y: Uint32Array
  /** Viewport width, px. */
  readonly viewport: Uint16Array
  /** x as a share of the viewport's width. */
  readonly across: Float32Array
  /** Index in the PageTable. */
  readonly page: Uint16Array
  readonly session: Uint32Array
  /** When it happened, ms on this worker's clock (performance.now). */
  readonly bornMs: Float64Array
  /** How many positions before this one the same session's previous point lies; 0 = none. */
  readonly back: Uint32Array
  /** Positions of the oldest point, and one past the newest. */
  first = 0
  next = 0
  /** Points that were pushed out by newer ones while they were still wanted. */
  evicted = 0
  private readonly newest = new Map<number, number>()
  private readonly sessionsMax: number

  /** @param sessionsMax sessions whose trails are remembered; beyond it all trails start anew */
  constructor(capacity: number, sessionsMax: number) {
    this.capacity = capacity
    this.sessionsMax = sessionsMax
    this.x = new Uint32Array(capacity)
    this.y = new Uint32Array(capacity)
    this.viewport = new Uint16Array(capacity)
    this.across = new Float32Array(capacity)
    this.page = new Uint16Array(capacity)
    this.session = new Uint32Array(capacity)
    this.bornMs = new Float64Array(capacity)
    this.back = new Uint32Array(capacity)
  }

  get count(): number {
    return this.next - this.first
  }

  add(x: number, y: number, viewport: number, page: number, session: number, bornMs: number): void {
    if (this.count === this.capacity) {
      this.first++
      this.evicted++
    }
    const slot = this.next % this.capacity
    this.x[slot] = x
    this.y[slot] = y
    this.viewport[slot] = viewport
    this.across[slot] = x / viewport
    this.page[slot] = page
    this.session[slot] = session
    this.bornMs[slot] = bornMs
    this.back[slot] = this.stepBack(session)
    this.next++
  }

  /** Lets go of points from before `sinceMs`, up to the first that is younger. */
  expire(sinceMs: number): void {
    while (this.first < this.next && this.bornMs[this.first % this.capacity] < sinceMs) this.first++
    if (this.first === this.next) this.newest.clear()
  }

  clear(): void {
    this.first = this.next
    this.evicted = 0
    this.newest.clear()
  }

  /** Sessions whose newest point is known. */
  get sessionCount(): number {
    return this.newest.size
  }

  /** Positions of each session's newest point; those below `first` are no longer in the ring. */
  newestPositions(): IterableIterator<number> {
    return this.newest.values()
  }

  private stepBack(session: number): number {
    const previous = this.newest.get(session)
    if (previous === undefined && this.newest.size >= this.sessionsMax) this.newest.clear()
    this.newest.set(session, this.next)
    return previous === undefined || previous < this.first ? 0 : this.next - previous
  }
}
