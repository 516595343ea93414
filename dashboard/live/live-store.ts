import type { Gap } from '../worker/frame-chain.ts'
import type {
  ConnectionState,
  FrameStamp,
  SliceName,
  SliceValues,
  WorkerReport,
} from '../worker/worker-messages.ts'

/** Gaps told on the screen at one time; older ones make room. */
const noticesMax = 3

export interface GapNotice extends Gap {
  id: number
  /** Epoch ms. */
  atMs: number
}

export interface LiveState {
  slices: Partial<SliceValues>
  /** For each slice the newest frame that it agrees with. */
  asOf: Partial<Record<SliceName, FrameStamp>>
  /** The newest frame of all. */
  newest: FrameStamp | null
  connection: ConnectionState
  gaps: readonly GapNotice[]
}

const sliceNames: readonly SliceName[] = [
  'numbers',
  'series',
  'buttons',
  'pages',
  'edges',
  'sessions',
  'stages',
  'ledger',
  'flushMs',
  'drawing',
  'pointRows',
]

/** Takes what the worker reports and tells those who listen, once per batch. Holds no points. */
export class LiveStore {
  private state: LiveState = empty()
  private readonly listeners = new Set<() => void>()
  private readonly schedule: (run: () => void) => void
  private scheduled = false
  private gapId = 0

  /** @param schedule runs a function soon, once: requestAnimationFrame in the page */
  constructor(schedule: (run: () => void) => void) {
    this.schedule = schedule
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  read(): LiveState {
    return this.state
  }

  take(report: WorkerReport): void {
    switch (report.type) {
      case 'slices':
        this.takeSlices(report)
        break
      case 'connection':
        this.state = { ...this.state, connection: report.connection }
        break
      case 'gap':
        this.takeGap(report.gap, report.atMs)
        break
      case 'cleared':
        this.state = { ...empty(), connection: this.state.connection }
        break
    }
    this.announce()
  }

  dismissGap(id: number): void {
    this.state = { ...this.state, gaps: this.state.gaps.filter((gap) => gap.id !== id) }
    this.announce()
  }

  private takeSlices(report: Extract<WorkerReport, { type: 'slices' }>): void {
    const asOf = { ...this.state.asOf }
    if (report.asOf !== null) {
      // A slice that did not change is as fresh as the newest frame; one that is held back is not.
      for (const name of sliceNames) if (!report.held.includes(name)) asOf[name] = report.asOf
    }
    this.state = {
      ...this.state,
      slices: { ...this.state.slices, ...report.slices },
      asOf,
      newest: report.asOf ?? this.state.newest,
    }
  }

  private takeGap(gap: Gap, atMs: number): void {
    this.gapId++
    const notice: GapNotice = { ...gap, atMs, id: this.gapId }
    this.state = { ...this.state, gaps: [...this.state.gaps, notice].slice(-noticesMax) }
  }

  private announce(): void {
    if (this.scheduled) return
    this.scheduled = true
    this.schedule(() => {
      this.scheduled = false
      for (const listener of this.listeners) listener()
    })
  }
}

function empty(): LiveState {
  return {
    slices: {},
    asOf: {},
    newest: null,
    connection: { status: 'connecting', everOpen: false },
    gaps: [],
  }
}
