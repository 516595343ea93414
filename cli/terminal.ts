import type { EventEmitter } from 'node:events'

/** A stream that a terminal or a pipe stands behind. */
export interface TerminalStream extends EventEmitter {
  readonly isTTY?: boolean
}

/**
 * A terminal that was closed (EIO) or a reader that has gone (EPIPE) must not end a program that still has something to
 * drain: what can't be shown is not shown.
 */
export function outliveTerminal(...streams: TerminalStream[]): void {
  for (const stream of streams) stream.on('error', () => {})
}

/** What the keyboard needs of standard input. */
export interface KeyboardInput extends TerminalStream {
  setRawMode?(raw: boolean): unknown
  resume(): unknown
  pause(): unknown
}

/** Single keys, where the terminal gives them. Ctrl-C then arrives as a key too. */
export class Keyboard {
  private readonly input: KeyboardInput
  private readonly actions = new Map<string, () => void>()
  private open = false

  constructor(input: KeyboardInput) {
    this.input = input
  }

  /** `onInterrupt` is called for Ctrl-C, which the terminal no longer turns into a signal. */
  start(actions: Record<string, () => void>, onInterrupt: () => void): void {
    if (this.input.isTTY !== true) return
    for (const [key, act] of Object.entries(actions)) this.actions.set(key, act)
    this.actions.set('\u0003', onInterrupt)
    outliveTerminal(this.input)
    this.setRawMode(true)
    this.input.on('data', this.onData)
    this.input.resume()
    this.open = true
  }

  /** From here on Ctrl-C is a signal again. */
  stop(): void {
    if (!this.open) return
    this.open = false
    this.input.off('data', this.onData)
    this.setRawMode(false)
    this.input.pause()
  }

  private readonly onData = (bytes: Buffer): void => {
    for (const key of bytes.toString()) this.actions.get(key)?.()
  }

  private setRawMode(raw: boolean): void {
    try {
      this.input.setRawMode?.(raw)
    } catch {
      // The terminal was closed.
    }
  }
}
