import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { EventLog } from '@sightline/engine/log/event-log'
import type { Site } from '@sightline/engine/registry/registry'
import { formatPong, formatFlush, formatSettled, parseClientText } from '@sightline/protocol/delivery'
import { closures, type Closure, type Refusal } from '@sightline/protocol/errors'
import { limits } from '@sightline/protocol/limits'
import type { Acknowledging, AcknowledgementWheel } from './acknowledgement-wheel.ts'
import { Acknowledger } from './acknowledger.ts'
import type { AppendLatency } from './append-latency.ts'
import type { BackPressure, Pausable } from './back-pressure.ts'
import { recordValue, type BatchAdmission } from './batch-admission.ts'
import type { Clock } from './clock.ts'
import type { GatewayConfig } from './gateway-config.ts'
import { countCode, type GatewayCounters } from './gateway-counters.ts'
import { SessionKeys } from './session-keys.ts'
import { TokenBucket } from './token-bucket.ts'

/** Looks at a connection's health between two pings. */
export const visitsPerHeartbeat = 5

/** Of a short frame from a client: two bytes and the mask. */
const maskedHeaderBytes = 6

/** What all connections of a gateway use together. */
export interface ConnectionServices {
  readonly log: EventLog
  readonly admission: BatchAdmission
  readonly acknowledgements: AcknowledgementWheel
  readonly backPressure: BackPressure
  readonly latency: AppendLatency
  readonly counters: GatewayCounters
  readonly clock: Clock
  readonly config: GatewayConfig
  /** [0, 1) */
  readonly random: () => number
  /** The site still has the write key with which it was entered. */
  isCurrent(site: Site): boolean
  /** Called once, when the socket is gone. */
  closed(connection: Connection): void
}

/**
 * One tracker's WebSocket.
 *
 *     open ──end()──▶ ending ──all decided, or too late──▶ closing ──handshake──▶ closed
 *       └──────────────────── the peer or the network goes ───────────────────────▶┘
 *
 * open: frames become records, in the order of their arrival. ending: no frame counts any more; what was appended
 * before may still settle and be acknowledged. closing: the close frame is sent.
 */
export class Connection implements Acknowledging, Pausable {
  acknowledgementDue = false
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

  private messages = 0
  /** Bytes of pings and pongs since the visit before. */
  private controlBytes = 0
  private messagesBefore = 0
  private bytesBefore: number
  /** When a message was first seen to be unfinished; 0 = none is. */
  private unfinishedMs = 0
  private heartbeatsMissed = 0
  /** Connections ping at different visits, so that their pings don't come together. */
  private visitsToPing: number

  constructor(
    private readonly socket: WebSocket,
    private readonly wire: Socket,
    readonly site: Site,
    readonly address: string,
    private readonly services: ConnectionServices,
  ) {
    this.sessions = new SessionKeys(services.log.partitions)
    const { connectionFramesPerSecondMax, connectionFramesBurstMax } = services.config
    this.bucket = new TokenBucket(connectionFramesPerSecondMax, connectionFramesBurstMax, services.clock.now())
    this.bytesBefore = wire.bytesRead
    this.visitsToPing = Math.ceil(services.random() * visitsPerHeartbeat)
    socket.on('message', (message: Buffer, isBinary: boolean) => this.receive(message, isBinary))
    socket.on('ping', (payload: Buffer) => this.onControlFrame(payload))
    socket.on('pong', (payload: Buffer) => {
      this.heartbeatsMissed = 0
      this.onControlFrame(payload)
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

  /** Sends `settled` if something is new. */
  acknowledge(): void {
    if (this.ordinals.untold > 0) this.sendSettled()
  }

  pauseReading(): void {
    if (this.state === 'open') this.socket.pause()
  }

  resumeReading(): void {
    if (this.state === 'open') this.socket.resume()
  }

  /**
   * Takes no frame from now on; closes when what was appended is decided, or at the first visit after `withinMs`.
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
   * Health, looked at visitsPerHeartbeat times per config.heartbeatMs. A paused connection can neither answer nor
   * finish a message, so it is left alone.
   */
  visit(nowMs: number): void {
    if (this.state === 'ending' && nowMs >= this.finishMs) return this.finish()
    if (this.state !== 'open' || this.services.backPressure.holds(this)) return
    const moved = this.messages !== this.messagesBefore
    this.messagesBefore = this.messages
    if (moved) this.heartbeatsMissed = 0
    if (this.heartbeatsMissed >= limits.heartbeatsMissedMax) return this.terminate()
    if (!this.services.isCurrent(this.site)) return this.end('policy')
    if (this.socket.bufferedAmount > limits.unreadBytesPerConnectionMax) return this.terminate()
    if (this.isUnfinished(nowMs, moved)) {
      this.services.counters.unfinishedMessages++
      return this.end('policy')
    }
    if (--this.visitsToPing > 0) return
    this.visitsToPing = visitsPerHeartbeat
    this.heartbeatsMissed++
    this.socket.ping()
  }

  /** Bytes of a message came, and no message was complete, for config.messageMsMax. */
  private isUnfinished(nowMs: number, moved: boolean): boolean {
    const bytes = this.wire.bytesRead
    const arriving = bytes - this.bytesBefore - this.controlBytes > limits.controlTextBytesMax
    this.bytesBefore = bytes
    this.controlBytes = 0
    if (moved) this.unfinishedMs = 0
    else if (arriving && this.unfinishedMs === 0) this.unfinishedMs = nowMs
    return this.unfinishedMs > 0 && nowMs - this.unfinishedMs >= this.services.config.messageMsMax
  }

  /** Synchronous: the bytes and the decoder are only ours until it returns. Also called after terminate(). */
  private receive(message: Buffer, isBinary: boolean): void {
    if (this.state !== 'open') return
    this.messages++
    const nowMs = this.services.clock.now()
    if (!this.bucket.take(nowMs)) this.end('rate')
    else if (isBinary) this.receiveBatch(message, nowMs)
    else this.receiveText(message)
  }

  private receiveBatch(bytes: Buffer, nowMs: number): void {
    const { admission, counters, backPressure } = this.services
    const ordinal = this.ordinals.receive()
    if (ordinal === 0) return this.end('rate')
    counters.frames++
    counters.frameBytes += bytes.length
    const refusal = admission.check(bytes, 0, bytes.length, this.site.id)
    if (refusal !== null) return this.refuse(ordinal, refusal)
    const session = this.sessions.find(bytes, admission.batch.sessionStart)
    if (session === null) return this.endAt(ordinal, 'policy')
    counters.events += admission.batch.n
    this.append(ordinal, session.partition, session.key, recordValue(bytes), nowMs)
    if (backPressure.note()) backPressure.hold(this)
  }

  private append(ordinal: number, partition: number, key: Uint8Array, value: Uint8Array, nowMs: number): void {
    const { log, clock, counters } = this.services
    const startedMs = clock.monotonicMs()
    const taken = log.append(partition, key, value, nowMs, (error) => this.onSettled(ordinal, error, startedMs))
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
    const text = bytes.length > limits.controlTextBytesMax ? null : parseClientText(bytes.latin1Slice())
    if (text === null) return this.end('policy')
    if (text.type === 'ping') {
      this.socket.send(formatPong(text.echo, this.services.clock.now()))
      return
    }
    if (this.ordinals.complete) return this.sendSettled()
    this.askedUpTo = this.ordinals.received
    this.acknowledge()
  }

  private sendSettled(): void {
    if (this.state === 'closing' || this.state === 'closed') return
    const refused = this.ordinals.tell()
    if (this.askedUpTo > 0 && this.ordinals.settled >= this.askedUpTo) this.askedUpTo = 0
    this.services.counters.acknowledgements++
    this.socket.send(formatSettled(this.ordinals.settled, refused))
  }

  private closeReason(): string {
    if (this.closure === 'retry') return `retry ${this.jittered(limits.retryDelayMs)}`
    if (this.closure === 'rate') return `rate ${this.jittered(limits.rateDelayMs)}`
    return this.closure
  }

  /** Between half and one and a half of `ms`, so that those refused together don't come back together. */
  private jittered(ms: number): number {
    return Math.round(ms * (0.5 + this.services.random()))
  }

  private onControlFrame(payload: Buffer): void {
    this.controlBytes += payload.length + maskedHeaderBytes
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
    this.services.closed(this)
  }
}
