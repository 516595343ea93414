import type { IncomingMessage, Server } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Engine } from '@sightline/engine/engine'
import { DurationHistogram } from '@sightline/engine/registry/duration-histogram'
import { limits } from '@sightline/protocol/limits'
import { AcknowledgementWheel } from './acknowledgement-wheel.ts'
import { Attention } from './attention.ts'
import { BackPressure } from './back-pressure.ts'
import { BatchAdmission } from './batch-admission.ts'
import { BeaconReceiver } from './beacon.ts'
import type { Clock } from './clock.ts'
import { Connection } from './connection.ts'
import { visitsPerHeartbeat } from './connection-health.ts'
import type { ConnectionServices } from './connection-services.ts'
import { ConnectionTable, visitGroups } from './connection-table.ts'
import { FaultLog, type FaultLogger } from './fault-log.ts'
import type { GatewayConfig } from './gateway-config.ts'
import { countCode, newCounters } from './gateway-counters.ts'
import { writeRefusal, type RequestRefusal } from './request-error.ts'
import { StageFigures } from './stage-figures.ts'
import { checkUpgrade } from './upgrade.ts'
import { ValueBlocks } from './value-blocks.ts'

/** ms between ticks: acknowledgements, visits, back-pressure and attention all hang on this one timer. */
const tickMs = 100
const secondMs = 1_000
/** Share of the drain's time after which connections are closed with what is settled by then. */
const settleShare = 0.7

/** What an ingest server is made of. */
export interface IngestParts {
  readonly engine: Pick<Engine, 'log' | 'registry'>
  readonly config: GatewayConfig
  readonly logger: FaultLogger
  readonly clock: Clock
  readonly random: () => number
  /** Unique name of this process, in its reports. */
  readonly instance: string
}

/** The WebSocket side of a gateway: upgrades, connections, and what has to happen now and then. */
export class IngestServer {
  readonly counters = newCounters()
  readonly table = new ConnectionTable()
  readonly beacons: BeaconReceiver

  private readonly latency = new DurationHistogram()
  private readonly backPressure: BackPressure
  private readonly attention: Attention
  private readonly figures: StageFigures
  private readonly faults: FaultLog
  private readonly acknowledgements = new AcknowledgementWheel(tickMs)
  private readonly services: ConnectionServices
  private readonly webSockets = webSocketServer()

  private timer: NodeJS.Timeout | undefined
  private nextSecondMs = 0
  private nextVisitMs = 0
  private visits = 0
  private reporting = false
  private drained: Promise<void> | null = null

  constructor(private readonly parts: IngestParts) {
    const { engine, config, clock, logger } = parts
    const { counters, latency, table } = this
    const { log, registry } = engine
    const admission = new BatchAdmission()
    const nowMs = clock.monotonicMs()
    this.backPressure = new BackPressure(log, config.pendingRecordsMax, config.pendingBytesMax, counters)
    this.attention = new Attention(table, () => registry.watched(), config.framesPerSecondBudget, log)
    this.figures = new StageFigures({ log, counters, latency, table }, nowMs)
    this.faults = new FaultLog(counters, logger, nowMs)
    this.beacons = new BeaconReceiver({
      log,
      registry,
      admission,
      counters,
      clock,
      draining: () => this.draining,
    })
    this.services = {
      log,
      admission,
      values: new ValueBlocks(log.partitions),
      acknowledgements: this.acknowledgements,
      backPressure: this.backPressure,
      latency,
      counters,
      clock,
      config,
      random: parts.random,
      isCurrent: (site) => registry.siteByKey(site.writeKey)?.id === site.id,
    }
  }

  get draining(): boolean {
    return this.drained !== null
  }

  /** Takes over the server's upgrades, and begins to tick. */
  attach(server: Server): void {
    server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head))
    const nowMs = this.parts.clock.monotonicMs()
    this.nextSecondMs = nowMs
    this.nextVisitMs = nowMs
    this.timer = setInterval(() => this.tick(), tickMs)
  }

  /**
   * Lets every connection go with "closing" once its batches are settled, at the latest after config.drainMsMax;
   * from the first moment on, upgrades and beacons are refused. Resolves when no connection is left.
   */
  drain(): Promise<void> {
    return (this.drained ??= this.runDrain())
  }

  /** Stops the timer and drops what is left. Call drain() before. */
  close(): void {
    clearInterval(this.timer)
    for (const connection of this.table.all()) connection.terminate()
    this.faults.flush(this.parts.clock.monotonicMs())
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Until ws has it, nobody else listens, and a peer that goes away would be an uncaught error.
    const onError = () => socket.destroy()
    socket.on('error', onError)
    const { registry } = this.parts.engine
    const { config } = this.parts
    const address = (socket instanceof Socket && socket.remoteAddress) || 'unknown'
    const accepting = () => !this.draining && this.backPressure.filled() < 1
    const allowed = checkUpgrade(request, address, { registry, table: this.table, config, accepting })
    if ('refused' in allowed) return this.refuse(socket, allowed.refused)
    this.webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      socket.removeListener('error', onError)
      this.counters.connectionsOpened++
      const connection = new Connection(webSocket, socket as Socket, allowed.site, address, this.services)
      webSocket.on('close', () => this.table.remove(connection))
      this.attention.welcome(connection)
    })
  }

  private refuse(socket: Duplex, refused: RequestRefusal): void {
    countCode(this.counters.requestErrors, refused.error)
    writeRefusal(socket, refused)
  }

  private tick(): void {
    const nowMs = this.parts.clock.monotonicMs()
    this.acknowledgements.turn()
    this.backPressure.look()
    this.attention.tell()
    for (let i = 0; i < visitGroups && nowMs >= this.nextVisitMs; i++) this.visit(nowMs)
    if (nowMs < this.nextSecondMs) return
    this.nextSecondMs = nowMs + secondMs
    this.attention.evaluate()
    this.faults.tell(nowMs)
    this.report(nowMs)
  }

  /** Looks at one group of connections. */
  private visit(nowMs: number): void {
    this.nextVisitMs += this.parts.config.heartbeatMs / (visitsPerHeartbeat * visitGroups)
    for (const connection of [...this.table.group(this.visits++)]) connection.visit(nowMs)
  }

  /** Presence only: a report that can't be published is counted, and the next one is tried a second later. */
  private report(nowMs: number): void {
    if (this.reporting) return
    this.reporting = true
    const { engine, instance, clock } = this.parts
    const figures = this.figures.take(nowMs)
    engine.registry
      .report({ stage: 'gateway', instance, atMs: clock.now(), figures })
      .catch(() => this.counters.reportsFailed++)
      .finally(() => (this.reporting = false))
  }

  private async runDrain(): Promise<void> {
    const { drainMsMax } = this.parts.config
    const connections = this.table.all()
    this.parts.logger.info({ connections: connections.length }, 'draining')
    const settleMs = drainMsMax * settleShare
    for (const connection of connections) connection.end('closing', settleMs)
    const settled = setTimeout(() => {
      for (const connection of this.table.all()) connection.finish()
    }, settleMs)
    const late = Promise.withResolvers<void>()
    const over = setTimeout(() => late.resolve(), drainMsMax)
    await Promise.race([Promise.all([this.table.whenEmpty(), this.beacons.whenIdle()]), late.promise])
    clearTimeout(settled)
    clearTimeout(over)
    for (const connection of this.table.all()) connection.terminate()
    this.parts.logger.info({ connections: connections.length }, 'drained')
  }
}

/** ws with everything off that a tracker does not need, and every bound set that a hostile peer could lean on. */
function webSocketServer(): WebSocketServer {
  const options = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.batchBytesMax,
    maxFragments: limits.messageFragmentsMax,
    maxBufferedChunks: limits.messageChunksMax,
    // Text is only ever compared with a few known forms, byte by byte.
    skipUTF8Validation: true,
    closeTimeout: limits.closeHandshakeMsMax,
  }
  return new WebSocketServer(options)
}
