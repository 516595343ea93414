import type { SliceName, SliceValues } from './worker-messages.ts'

/** Each slice goes to the page at most once in so many ms: what is read with the eye needs no more. */
export const sliceRateMs: Record<SliceName, number> = {
  numbers: 250,
  series: 500,
  buttons: 500,
  pages: 1_000,
  edges: 1_000,
  sessions: 1_000,
  stages: 500,
  ledger: 1_000,
  flushMs: 1_000,
  drawing: 500,
  pointRows: 500,
}

export interface DueSlices {
  slices: Partial<SliceValues>
  /** Changed, but sent too short a while ago. */
  held: SliceName[]
}

/** Holds the latest value of each slice until its time has come; values in between are never sent. */
export class SliceOutbox {
  private pending: Partial<SliceValues> = {}
  private readonly sentMs = new Map<SliceName, number>()

  put<Name extends SliceName>(name: Name, value: SliceValues[Name]): void {
    this.pending[name] = value
  }

  /** Takes what may go now; `slices` can be empty. */
  take(nowMs: number): DueSlices {
    const due: Partial<SliceValues> = {}
    const kept: Partial<SliceValues> = {}
    for (const name of Object.keys(this.pending) as SliceName[]) {
      const ready = this.dueMs(name) <= nowMs
      Object.assign(ready ? due : kept, { [name]: this.pending[name] })
      if (ready) this.sentMs.set(name, nowMs)
    }
    this.pending = kept
    return { slices: due, held: Object.keys(kept) as SliceName[] }
  }

  /** When the next held slice may go; null when nothing is held. */
  nextDueMs(): number | null {
    const names = Object.keys(this.pending) as SliceName[]
    return names.length === 0 ? null : Math.min(...names.map((name) => this.dueMs(name)))
  }

  clear(): void {
    this.pending = {}
    this.sentMs.clear()
  }

  private dueMs(name: SliceName): number {
    return (this.sentMs.get(name) ?? Number.NEGATIVE_INFINITY) + sliceRateMs[name]
  }
}
