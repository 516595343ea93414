import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { Site } from '@sightline/engine/registry/registry'
import {
  formatCloseReason,
  formatFlush,
  formatPong,
  formatSettled,
  parseClientText,
} from '@sightline/protocol/delivery'
import { closures, type Closure, type Refusal } from '@sightline/protocol/errors'
import { limits } from '@sightline/protocol/limits'
import type { Waiting } from './acknowledgement-wheel.ts'
import { Acknowledger } from './acknowledger.ts'
import type { Pausable } from './back-pressure.ts'
import { ConnectionHealth } from './connection-health.ts'
import type { ConnectionServices } from './connection-services.ts'
import { countCode } from './gateway-counters.ts'
import { type SessionKey, SessionKeys } from './session-keys.ts'
import { TokenBucket } from './token-bucket.ts'

/**
 * One tracker's WebSocket.
 *
 *     open ──end()──▶ ending ──all decided, or too late──▶ closing ──handshake──▶ closed
 *       └──────────────────── the peer or the network goes ───────────────────────▶┘
 *
 * open: frames become records, in the order of their arrival. ending: no frame counts any more; what was appended
 * before may still settle and be acknowledged. closing: the close frame is sent.
 */
export class Connection implements Waiting, Pausable {
  inWheel = false
  /** Place within the connections of the site, kept by ConnectionTable. */
  place = 0
  /** ms between flushes that the tracker was told last; 0 = nothing yet. */
  flushMs = 0

  private readonly ordinals = new Acknowledger()
  private readonly sessions: SessionKeys
  private readonly bucket: TokenBucket
  private state: 'open' | 'ending' | 'closing' | 'closed' = 'open'
  private closure: Closure = 'closing'
  /** When an ending connection closes whatever is undecided. */
  private finishMs = 0
  /** Ordinal up to which the peer asked for an acknowledgement as soon as it is decided; 0 = it did not. */
  private askedUpTo = 0

  private refusedCount = 0

  private readonly health: ConnectionHealth

  constructor(
    private readonly socket: WebSocket,
    wire: Socket,
    readonly site: Site,
    readonly address: string,
    private readonly services: ConnectionServices,
  ) {
    this.sessions = new SessionKeys(services.log.partitions)
    const { connectionFramesPerSecondMax, connectionFramesBurstMax } = services.config
    this.bucket = new TokenBucket(
      connectionFramesPerSecondMax,
      connectionFramesBurstMax,
      services.clock.now(),
    )
    this.health = new ConnectionHealth(wire, services.config.messageMsMax, services.random())
    socket.on('message', (message: Buffer, isBinary: boolean) => this.receive(message, isBinary))
    socket.on('ping', (payload: Buffer) => {
      this.health.onPing(payload.length)
      this.isWithinRate()
    })
    socket.on('pong', (payload: Buffer) => {
      this.health.onPong(payload.length)
      this.isWithinRate()
    })
    socket.on('error', (error: Error & { code?: string }) => this.onProtocolError(error.code))
    socket.on('close', () => this.onClosed())
  }

  /** Tells the tracker how often to flush, ms. */
  setFlush(ms: number): void {
    if (this.state !== 'open') return
    this.flushMs = ms
    this.socket.send(formatFlush(ms))
  }

  /** About a second after something was settled, and each second while ending. */
  onTurn(): void {
    if (this.state === 'ending' && this.services.clock.monotonicMs() >= this.finishMs) this.finish()
    else if (this.state === 'ending') this.services.acknowledgements.add(this)
    else this.acknowledge()
  }

  pauseReading(): void {
    if (this.state === 'open') this.socket.pause()
  }

  resumeReading(): void {
    if (this.state === 'open') this.socket.resume()
  }

  /**
   * Takes no frame from now on; closes when what was appended is decided, or at the first turn of the wheel after `withinMs`.
   * The last acknowledgement goes out before the close frame.
   */
  end(closure: Closure, withinMs: number = limits.endingMsMax): void {
    if (this.state !== 'open') return
    this.state = 'ending'
    this.closure = closure
    this.finishMs = this.services.clock.monotonicMs() + withinMs
    countCode(this.services.counters.closures, closure)
    // Nothing of what still comes counts, so there is no point in reading it.
    this.socket.pause()
    if (this.ordinals.complete) this.finish()
    else this.services.acknowledgements.add(this)
  }

  /** Closes now, with what is decided. */
  finish(): void {
    if (this.state === 'closing' || this.state === 'closed') return
    this.acknowledge()
    this.state = 'closing'
    this.socket.resume()
    this.socket.close(closures[this.closure].code, this.closeReason())
  }

  /** Drops the socket without a handshake. */
  terminate(): void {
    this.services.counters.terminated++
    this.socket.terminate()
  }

  /**
   * Looked at visitsPerHeartbeat times per config.heartbeatMs. A paused connection can neither answer nor finish a
   * message, so it is left alone.
   */
  visit(nowMs: number): void {
    const { backPressure, counters } = this.services
    if (this.state !== 'open' || backPressure.holds(this)) return
    if (!this.services.isCurrent(this.site)) return this.end('policy')
    if (this.socket.bufferedAmount > limits.unreadBytesPerConnectionMax) return this.terminate()
    const verdict = this.health.visit(nowMs)
    if (verdict === 'ping') this.socket.ping()
    else if (verdict === 'dead') this.terminate()
    else if (verdict === 'unfinished') {
      counters.unfinishedMessages++
      this.end('policy')
    }
  }

  /** Synchronous: the bytes and the decoder are only ours until it returns. Also called after terminate(). */
  private receive(message: Buffer, isBinary: boolean): void {
    if (this.state !== 'open') return
    this.health.onMessage(message.length)
    const nowMs = this.services.clock.now()
    if (!this.isWithinRate(nowMs)) return
    if (isBinary) this.receiveBatch(message, nowMs)
    else this.receiveText(message)
  }

  /** Takes one frame from the allowance, or ends the connection. */
  private isWithinRate(nowMs: number = this.services.clock.now()): boolean {
    if (this.bucket.take(nowMs)) return true
    this.end('rate')
    return false
  }

  private receiveBatch(bytes: Buffer, nowMs: number): void {
    const { admission, counters, backPressure } = this.services
    const ordinal = this.ordinals.receive()
    if (ordinal === 0) return this.end('rate')
    counters.frames++
    counters.frameBytes += bytes.length
    const refusal = admission.check(bytes, 0, bytes.length, this.site.id)
    if (refusal !== null) return this.refuse(ordinal, refusal)
    const session = this.sessions.find(bytes, admission.batch.sessionStart, admission.batch.lane)
    if (session === null) return this.endAt(ordinal, 'policy')
    counters.events += admission.batch.n
    this.append(ordinal, session, bytes, nowMs)
    if (backPressure.note()) backPressure.hold(this)
  }

  private append(ordinal: number, { key, partition }: SessionKey, bytes: Buffer, nowMs: number): void {
    const { log, clock, counters, values } = this.services
    const value = values.copy(partition, bytes)
    const startedMs = clock.monotonicMs()
    const taken = log.append(partition, key, value, nowMs, (error) =>
      this.onSettled(ordinal, error, startedMs),
    )
    if (taken) return
    counters.fullLog++
    this.endAt(ordinal, 'retry')
  }

  private onSettled(ordinal: number, error: Error | null, startedMs: number): void {
    const { counters, latency, clock, backPressure } = this.services
    backPressure.note()
    if (error !== null) {
      counters.failedRecords++
      this.endAt(ordinal, 'retry')
    } else {
      counters.settledRecords++
      latency.add(clock.monotonicMs() - startedMs)
      this.ordinals.settle(ordinal)
    }
    this.afterDecision()
  }

  private refuse(ordinal: number, refusal: Refusal): void {
    countCode(this.services.counters.refusals, refusal)
    this.refusedCount++
    this.ordinals.refuse(ordinal, refusal)
    if (this.refusedCount > limits.refusalsPerConnectionMax) this.end('policy')
    else this.afterDecision()
  }

  /** This ordinal and those after it are not acknowledged on this connection: the tracker sends them again. */
  private endAt(ordinal: number, closure: Closure): void {
    this.ordinals.endAt(ordinal)
    this.end(closure)
  }

  private afterDecision(): void {
    if (this.state === 'closed' || this.state === 'closing') return
    if (this.state === 'ending') {
      if (this.ordinals.complete) this.finish()
      return
    }
    const { untold, settled } = this.ordinals
    if (untold === 0) return
    if (untold >= limits.ackFramesMax || (this.askedUpTo > 0 && settled >= this.askedUpTo)) this.sendSettled()
    else this.services.acknowledgements.add(this)
  }

  private receiveText(bytes: Buffer): void {
    const text = bytes.length > limits.controlTextBytesMax ? null : parseClientText(bytes.toString('latin1'))
    if (text === null) return this.end('policy')
    if (text.type === 'ping') {
      this.socket.send(formatPong(text.echo, this.services.clock.now()))
      return
    }
    if (this.ordinals.complete) return this.sendSettled()
    this.askedUpTo = this.ordinals.received
    this.acknowledge()
  }

  /** Sends `settled` if something is new. */
  private acknowledge(): void {
    if (this.ordinals.untold > 0) this.sendSettled()
  }

  private sendSettled(): void {
    if (this.state === 'closing' || this.state === 'closed') return
    const refused = this.ordinals.tell()
    if (this.askedUpTo > 0 && this.ordinals.settled >= this.askedUpTo) this.askedUpTo = 0
    this.services.counters.acknowledgements++
    this.socket.send(formatSettled(this.ordinals.settled, refused))
  }

  private closeReason(): string {
    if (this.closure === 'retry') return formatCloseReason('retry', this.jittered(limits.retryDelayMs))
    if (this.closure === 'rate') return formatCloseReason('rate', this.jittered(limits.rateDelayMs))
    return formatCloseReason(this.closure)
  }

  /** Between half and one and a half of `ms`, so that those refused together don't come back together. */
  private jittered(ms: number): number {
    return ms * (0.5 + this.services.random())
  }

  /** ws has already sent the close frame that fits. */
  private onProtocolError(code: string | undefined): void {
    const { counters } = this.services
    if (this.state === 'open' || this.state === 'ending') this.state = 'closing'
    if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') countCode(counters.closures, 'frame-too-large')
    else counters.protocolErrors++
  }

  private onClosed(): void {
    this.state = 'closed'
    this.services.backPressure.release(this)
    this.services.counters.connectionsClosed++
  }
}
