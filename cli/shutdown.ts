import { setTimeout as pause } from 'node:timers/promises'

/** Signals that a terminal, a shell and a launcher send for one and the same wish come within this time, ms. */
const sameWishMs = 300
const parentPollMs = 250
/** What one part may take to stop, ms. */
export const closeMsMax = 12_000
/** What a part that was still starting when the stop came may take to appear and go again, ms. */
const earlyMsMax = 3_000

/** The process to be watched: signals, and the parent, whose end is told by another number. */
export interface WatchedProcess {
  readonly ppid: number
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown
  exit(code: number): void
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * The wish to stop: a signal, a key, or the end of the parent process (npm's SIGTERM reaches only the shell between).
 * Ctrl-C while it is being granted ends the process at once.
 */
export class StopRequest {
  /** Resolves with the reason of the first. */
  readonly requested: Promise<string>
  reason: string | null = null
  private resolve: (reason: string) => void = () => {}
  private readonly process: WatchedProcess
  private readonly now: () => number
  private readonly watch: NodeJS.Timeout
  private requestedMs = 0

  /**
   * `withParent`: the end of the parent counts too. It does under npm, whose own end nobody hears of otherwise; a role
   * that somebody puts into the background of a shell outlives that shell.
   */
  constructor(
    watched: WatchedProcess = process,
    now: () => number = () => performance.now(),
    withParent = process.env.npm_lifecycle_event !== undefined,
  ) {
    this.process = watched
    this.now = now
    this.requested = new Promise((resolve) => (this.resolve = resolve))
    const parent = watched.ppid
    this.watch = setInterval(() => {
      if (withParent && watched.ppid !== parent) this.ask('parent gone')
    }, parentPollMs)
    for (const signal of signals) watched.on(signal, this.onSignal)
  }

  /** Asks for the stop, if nobody has yet. */
  ask(reason: string): void {
    if (this.reason !== null) return
    this.reason = reason
    this.requestedMs = this.now()
    clearInterval(this.watch)
    this.resolve(reason)
  }

  /** Signals are no longer watched: they end the process by themselves. */
  dispose(): void {
    clearInterval(this.watch)
    for (const signal of signals) this.process.off(signal, this.onSignal)
  }

  private readonly onSignal = (signal: NodeJS.Signals): void => {
    if (this.reason === null) this.ask(signal)
    // A launcher that goes too says SIGTERM; a person who is tired of waiting presses Ctrl-C.
    else if (signal === 'SIGINT' && this.now() - this.requestedMs > sameWishMs) this.process.exit(130)
  }
}

/** The stop was asked for before everything had started. */
export class StoppedEarly extends Error {
  constructor(reason: string) {
    super(`stopped while starting (${reason})`)
    this.name = 'StoppedEarly'
  }
}

/** What was started, to be stopped in the reverse order. */
export class Running {
  private readonly parts: { name: string; close: () => Promise<void> }[] = []
  private readonly partMsMax: number

  constructor(partMsMax = closeMsMax) {
    this.partMsMax = partMsMax
  }

  add(name: string, close: () => Promise<void>): void {
    this.parts.push({ name, close })
  }

  /**
   * Starts a part. A stop that is asked for meanwhile isn't kept waiting: then it throws StoppedEarly, and the part is
   * closed when it has started after all.
   */
  async start<Part>(
    name: string,
    stop: StopRequest,
    open: () => Promise<Part>,
    close: (part: Part) => Promise<void>,
  ): Promise<Part> {
    if (stop.reason !== null) throw new StoppedEarly(stop.reason)
    const opening = open()
    let started = false
    const closeIt = () => opening.then(close, () => {})
    this.add(name, () =>
      started ? closeIt() : Promise.race([closeIt(), pause(earlyMsMax, undefined, { ref: false })]),
    )
    const early = stop.requested.then((reason) => {
      if (!started) throw new StoppedEarly(reason)
    })
    early.catch(() => {})
    const part = await Promise.race([opening, early.then(() => opening)])
    started = true
    return part
  }

  /** Stops everything, also when one part fails to or takes too long; the failures are thrown together at the end. */
  async close(): Promise<void> {
    const failures: Error[] = []
    for (const { name, close } of this.parts.splice(0).reverse()) {
      const late = pause(this.partMsMax, 'late' as const, { ref: false })
      try {
        if ((await Promise.race([close(), late])) === 'late')
          failures.push(new Error(`${name} did not stop in time`))
      } catch (error) {
        failures.push(new Error(`stopping ${name} failed`, { cause: error }))
      }
    }
    if (failures.length > 0)
      throw new AggregateError(failures, failures.map(({ message }) => message).join('; '))
  }
}
