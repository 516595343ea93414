import type { Closure, Refusal } from './errors.ts'

/**
 * The text frames beside the batches (SPEC.md, rules D…). Binary frames are batches and are numbered 1, 2, 3 … per
 * connection in the order sent; these numbers are their ordinals. Functions stand alone, so that the tracker carries
 * only the one it uses.
 */

/** A batch that was refused for good, by its place on this connection. */
export interface RefusedOrdinal {
  ordinal: number
  refusal: Refusal
}

/** What a gateway says to a tracker. */
export type ServerText =
  /** The first `count` batches are each durable or refused for good; `refused` lists those not listed before. */
  | { type: 'settled'; count: number; refused: RefusedOrdinal[] }
  /** How long a tracker collects events before it seals. */
  | { type: 'flush'; intervalMs: number }
  /** The answer to a ping: its text, and the gateway's clock, ms since the epoch. */
  | { type: 'pong'; echo: string; serverMs: number }

/** What a tracker says to a gateway: measure the clocks, or settle what was sent at once. */
export type ClientText = { type: 'ping'; echo: string } | { type: 'settle' }

/** `settled 7`, or `settled 7 3:malformed,5:too-old`. */
export function formatSettled(count: number, refused: readonly RefusedOrdinal[]): string {
  const list = refused.map(({ ordinal, refusal }) => ordinal + ':' + refusal).join(',')
  return 'settled ' + count + (list && ' ' + list)
}

export function formatFlush(intervalMs: number): string {
  return 'flush ' + Math.round(intervalMs)
}

export function formatPong(echo: string, serverMs: number): string {
  return 'pong ' + echo + ' ' + Math.round(serverMs)
}

/** `ping 1234.5`; `nowMs` is the sender's performance.now(). */
export function formatPing(nowMs: number): string {
  return 'ping ' + nowMs.toFixed(1)
}

export function formatSettle(): string {
  return 'settle'
}

const serverTextForm = /^(?:settled (\d+)(?: (\d+:[a-z-]+(?:,\d+:[a-z-]+)*))?|flush (\d+)|pong (\S+) (\d+))$/

/**
 * Null when the text is not of the protocol: a tracker ignores it. Codes are not looked up, since every code in the
 * list means the same to a tracker, also one of a later version: this batch is done with.
 */
export function parseServerText(text: string): ServerText | null {
  const [, count, list, flush, echo, serverMs] = serverTextForm.exec(text) ?? []
  if (count) {
    const refused = list ? list.split(',').map(parseRefused) : []
    return { type: 'settled', count: +count, refused }
  }
  if (flush) return { type: 'flush', intervalMs: +flush }
  return echo && serverMs ? { type: 'pong', echo, serverMs: +serverMs } : null
}

function parseRefused(text: string): RefusedOrdinal {
  const [ordinal, refusal] = text.split(':')
  return { ordinal: Number(ordinal), refusal: refusal as Refusal }
}

const pingForm = /^ping (\d[\d.]{0,19})$/

/** Null when the text is not of the protocol: a gateway closes the connection. The caller bounds the text's length. */
export function parseClientText(text: string): ClientText | null {
  if (text === 'settle') return { type: 'settle' }
  const echo = pingForm.exec(text)?.[1]
  return echo === undefined ? null : { type: 'ping', echo }
}

/** The reason of a close frame: the closure's name, and how many ms to stay away for those that ask for it. */
export function formatCloseReason(closure: Closure, delayMs?: number): string {
  return delayMs === undefined ? closure : closure + ' ' + Math.round(delayMs)
}

/** How many ms the close's reason asks to stay away; 0 when it doesn't. */
export function closeDelayMs(reason: string): number {
  return Number(/^[a-z-]+ (\d+)$/.exec(reason)?.[1] ?? 0)
}
