import { closeDelayMs, formatPing, parseServerText, type RefusedOrdinal } from '@sightline/protocol/delivery'
import { limits } from '@sightline/protocol/limits'
import type { Batcher } from './batcher.ts'
import type { Clock } from './clock.ts'
import type { Ring, SealedBatch } from './ring.ts'

/** WebSocket.OPEN */
const readyStateOpen = 1

export interface Connection {
  open(): void
  /** Sends what hasn't been sent on this connection, as far as buffers and the ring's bound allow. */
  send(): void
  /** Ends the connection until the next open(): an open socket would keep the page out of the back/forward cache. */
  close(): void
}

/**
 * Delivers sealed batches, in order, over one WebSocket. The gateway settles them by ordinal: of the first k batches
 * sent on this connection each is durable or refused for good. What isn't settled when a connection ends is sent again
 * on the next one, to any gateway; copies are recognised there.
 *
 *   closed → open() → connecting → open → lost → waiting → connecting …, until close()
 *
 * The wait is random and grows until something is settled.
 */
export function createConnection(url: string, ring: Ring, batcher: Batcher, clock: Clock): Connection {
  let socket: WebSocket | null = null
  /** Batches sent on this connection and not settled, in the order of their ordinals; also those the ring has dropped. */
  const sent = new Set<SealedBatch>()
  let settled = 0
  let attempts = 0
  /** For the next ping while there is a connection, else for the next attempt. */
  let timer: ReturnType<typeof setTimeout>

  const open = () => {
    const opened = (socket = new WebSocket(url))
    opened.onopen = () => {
      ping(0)
      send()
    }
    opened.onmessage = ({ data }) => onText(data)
    opened.onclose = ({ reason }) => {
      // The end of a connection that close() has left says nothing about the one after it.
      if (socket === opened) retry(reason)
    }
  }

  const ping = (count: number) => {
    socket!.send(formatPing(performance.now()))
    timer = setTimeout(ping, growingMs(count), count + 1)
  }

  const send = () => {
    if (socket?.readyState !== readyStateOpen) return
    for (const batch of ring.batches) {
      if (socket.bufferedAmount > limits.socketBufferedBytesMax || sent.size >= limits.ringBatchesMax) return
      if (sent.has(batch)) continue
      sent.add(batch)
      socket.send(batch.bytes)
    }
  }

  const onText = (text: string) => {
    const message = parseServerText(text)
    if (message?.type === 'settled') settle(message.count, message.refused)
    // Bounded, so that nobody can make a tracker flood its gateway, or sit on what it has captured.
    else if (message?.type === 'flush')
      batcher.flushMs = Math.min(Math.max(message.intervalMs, limits.flushWatchedMsMin), limits.flushMsMax)
    else if (message) clock.sample(+message.echo, performance.now(), message.serverMs, Date.now())
  }

  /** The first `count` batches sent on this connection are settled. */
  const settle = (count: number, refused: readonly RefusedOrdinal[]) => {
    if (count > settled + sent.size) return // more than was sent: not ours to believe
    for (const batch of sent) {
      if (settled >= count) break
      settled++
      sent.delete(batch)
      const held = ring.remove(batch)
      if (held && refused.some(({ ordinal }) => ordinal === settled)) batch.lane.lostRefused += batch.events
    }
    attempts = 0
    send()
  }

  const retry = (reason: string) => {
    forget()
    // Full jitter, so that many trackers don't return at the same moment; not before the gateway wants them back.
    const askedMs = Math.min(closeDelayMs(reason), limits.stayAwayMsMax)
    timer = setTimeout(open, askedMs + Math.random() * growingMs(attempts++))
  }

  const forget = () => {
    clearTimeout(timer)
    socket = null
    sent.clear()
    settled = 0
  }

  return {
    open,
    send,
    close() {
      socket?.close()
      forget()
    },
  }
}

/** Half a second, one, two … half a minute: between attempts, and between pings. */
function growingMs(count: number): number {
  return Math.min(500 * 2 ** count, 30_000)
}
