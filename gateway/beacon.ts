import type { IncomingMessage, ServerResponse } from 'node:http'
import type { EventLog } from '@sightline/engine/log/event-log'
import type { Registry, Site } from '@sightline/engine/registry/registry'
import { splitBeacon } from '@sightline/protocol/beacon'
import type { RefusedOrdinal } from '@sightline/protocol/delivery'
import { limits } from '@sightline/protocol/limits'
import type { BatchAdmission } from './batch-admission.ts'
import type { Clock } from './clock.ts'
import { countCode, type GatewayCounters } from './gateway-counters.ts'
import { answerRefusal, refusal, type RequestRefusal } from './request-error.ts'
import { readBody } from './request-body.ts'
import { sessionKey } from './session-keys.ts'
import { requestUrl, siteOfRequest } from './write-key.ts'

/** What the beacon endpoint needs. */
export interface BeaconServices {
  readonly log: EventLog
  readonly registry: Registry
  readonly admission: BatchAdmission
  readonly counters: GatewayCounters
  readonly clock: Clock
  readonly draining: () => boolean
}

/**
 * Beacons: what a page sends when it is being left, or when it can't have a WebSocket. A beacon is answered with 204
 * when every batch in it is durable; with 400 and the ordinals when some are refused for good and all others are
 * durable; with 503 when that can't be said of all, so that the sender sends the same bytes again.
 */
export class BeaconReceiver {
  private inHand = 0
  private readonly idle: (() => void)[] = []

  constructor(private readonly services: BeaconServices) {}

  /** Answers one POST. Rejects only for a fault of our own. */
  async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.inHand++
    try {
      const refused = await this.outcome(request, response)
      if (refused === null) {
        response.statusCode = 204
        response.end()
      } else {
        countCode(this.services.counters.requestErrors, refused.error)
        answerRefusal(response, refused)
      }
    } finally {
      this.inHand--
      if (this.inHand === 0) for (const resolve of this.idle.splice(0)) resolve()
    }
  }

  /** Answers a CORS preflight, which senders that set a content type need. */
  preflight(request: IncomingMessage, response: ServerResponse): void {
    const allowed = this.allow(request, response)
    if ('refused' in allowed) return answerRefusal(response, allowed.refused)
    response.setHeader('Access-Control-Allow-Methods', 'POST')
    response.setHeader('Access-Control-Allow-Headers', 'content-type')
    response.setHeader('Access-Control-Max-Age', '86400')
    response.statusCode = 204
    response.end()
  }

  /** Resolves when no beacon is in hand. */
  whenIdle(): Promise<void> {
    return this.inHand === 0 ? Promise.resolve() : new Promise((resolve) => this.idle.push(resolve))
  }

  private async outcome(request: IncomingMessage, response: ServerResponse): Promise<RequestRefusal | null> {
    const allowed = this.allow(request, response)
    if ('refused' in allowed) return allowed.refused
    if (this.services.draining() || this.inHand > limits.beaconsPendingMax) return refusal('unavailable')
    const body = await readBody(request, limits.beaconBytesMax)
    if (body === 'too-large') return refusal('body-too-large')
    if (body === 'aborted') return refusal('timeout')
    const ranges = splitBeacon(body)
    if (ranges === null)
      return refusal('bad-request', 'The body is not a sequence of batches, each with its length.')
    this.services.counters.beacons++
    return this.append(body, ranges, allowed.site)
  }

  private allow(request: IncomingMessage, response: ServerResponse) {
    const url = requestUrl(request.url)
    if (url === null) return { refused: refusal('bad-request') }
    const { origin } = request.headers
    const allowed = siteOfRequest(this.services.registry, url, origin)
    response.setHeader('Vary', 'Origin')
    if ('site' in allowed && origin !== undefined) response.setHeader('Access-Control-Allow-Origin', origin)
    return allowed
  }

  /** Appends every admitted batch, and waits until the log has decided each. */
  private async append(
    body: Uint8Array,
    ranges: Iterable<[start: number, end: number]>,
    site: Site,
  ): Promise<RequestRefusal | null> {
    const { admission, counters } = this.services
    const nowMs = this.services.clock.now()
    const durable: Promise<boolean>[] = []
    const refused: RefusedOrdinal[] = []
    let ordinal = 0
    for (const [start, end] of ranges) {
      ordinal++
      const reason = admission.check(body, start, end, site.id)
      if (reason === null) {
        durable.push(this.appendOne(body, start, end, nowMs))
        continue
      }
      countCode(counters.refusals, reason)
      refused.push({ ordinal, refusal: reason })
    }
    counters.beaconBatches += ordinal
    if ((await Promise.all(durable)).includes(false)) return refusal('unavailable')
    return refused.length === 0 ? null : { ...refusal('refused'), refused }
  }

  /** Appends the batch that was admitted last; resolves to whether it is durable. */
  private appendOne(body: Uint8Array, start: number, end: number, nowMs: number): Promise<boolean> {
    const { log, admission, counters } = this.services
    const { key, partition } = sessionKey(body, admission.batch.sessionStart, log.partitions)
    counters.events += admission.batch.n
    return new Promise((resolve) => {
      const taken = log.append(partition, key, body.subarray(start, end), nowMs, (error) => {
        if (error === null) counters.settledRecords++
        else counters.failedRecords++
        resolve(error === null)
      })
      if (taken) return
      counters.fullLog++
      resolve(false)
    })
  }
}
