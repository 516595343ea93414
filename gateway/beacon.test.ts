import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { joinBeacon } from '@sightline/protocol/beacon'
import { limits } from '@sightline/protocol/limits'
import { RawPeer } from './raw-peer.ts'
import { blog, shop, TestGateway } from './test-gateway.ts'
import { TestLane } from './test-tracker.ts'

let test: TestGateway
beforeEach(async () => {
  test = await TestGateway.start({ config: { beaconMsMax: 500, upgradeMsMax: 500 } })
})
afterEach(() => test.stop())

interface Sent {
  key?: string
  origin?: string | undefined
  headers?: Record<string, string>
}

/** Posts a body as `sendBeacon` does: without a content type. */
function post(
  body: Uint8Array<ArrayBuffer>,
  { key = shop.writeKey, origin = shop.origins[0], headers }: Sent = {},
) {
  return fetch(`${test.gateway.url}/beacon?key=${key}`, {
    method: 'POST',
    body,
    headers: { origin, ...headers },
  })
}

async function values(): Promise<Buffer[]> {
  return (await test.records()).map(({ value }) => Buffer.from(value))
}

describe('a good beacon', () => {
  it('[GW23] is answered with 204 when all its batches are durable, unchanged', async () => {
    const batches = new TestLane().batches(50)
    const response = await post(joinBeacon(batches))
    expect(response.status).toBe(204)
    expect(await values()).toEqual(batches.map((bytes) => Buffer.from(bytes)))
  })

  it('[GW23] is not answered before the log has said durable', async () => {
    test.log.holding = true
    let answered = false
    const response = post(joinBeacon(new TestLane().batches(3))).then((answer) => {
      answered = true
      return answer
    })
    await expect.poll(() => test.log.heldCount).toBe(3)
    await new Promise((resolve) => setTimeout(resolve, 100))
    test.log.release(2)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(answered).toBe(false)
    test.log.release()
    expect((await response).status).toBe(204)
  })

  it('[GW25] may be read by pages of the site, and by those of no other', async () => {
    const own = await post(joinBeacon([new TestLane().batch()]))
    expect(own.headers.get('access-control-allow-origin')).toBe(shop.origins[0])
    expect(own.headers.get('vary')).toContain('Origin')
    const other = await post(joinBeacon([new TestLane().batch()]), { origin: 'https://evil.example' })
    expect(other.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('[GW25] may be asked about before, with a content type', async () => {
    const ask = (origin: string) =>
      fetch(`${test.gateway.url}/beacon?key=${shop.writeKey}`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type',
        },
      })
    const allowed = await ask(shop.origins[0])
    expect(allowed.status).toBe(204)
    expect(allowed.headers.get('access-control-allow-origin')).toBe(shop.origins[0])
    expect(allowed.headers.get('access-control-allow-headers')).toBe('content-type')
    const refused = await ask('https://evil.example')
    expect(refused.status).toBe(403)
    expect(refused.headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('a bad beacon', () => {
  const oneBatch = () => joinBeacon([new TestLane().batch()])

  it.each<[name: string, send: () => Promise<Response>, status: number, error: string]>([
    [
      'without a key',
      () => fetch(`${test.gateway.url}/beacon`, { method: 'POST', body: oneBatch() }),
      400,
      'bad-request',
    ],
    ['with a wrong key', () => post(oneBatch(), { key: '1-nosuchkeynosuchke' }), 401, 'unknown-key'],
    ['of another origin', () => post(oneBatch(), { origin: 'https://evil.example' }), 403, 'origin-refused'],
    ['that is empty', () => post(new Uint8Array(0)), 400, 'bad-request'],
    ['that is cut off', () => post(oneBatch().subarray(0, -1)), 400, 'bad-request'],
    ['of junk', () => post(new Uint8Array(1_000).fill(0xff)), 400, 'bad-request'],
    ['that is too large', () => post(new Uint8Array(limits.beaconBytesMax + 1)), 413, 'body-too-large'],
  ])(
    '[GW23] %s is refused with its status and code, and nothing is stored',
    async (_name, send, status, error) => {
      const response = await send()
      expect(response.status).toBe(status)
      expect(response.headers.get('content-type')).toContain('application/json')
      expect(((await response.json()) as { error: string }).error).toBe(error)
      expect(await test.records()).toHaveLength(0)
    },
  )

  it('[GW24] in part is stored in the other part, and the rest named by ordinal', async () => {
    const lane = new TestLane()
    const foreign = new TestLane(undefined, blog.id)
    const good = lane.batches(3)
    const response = await post(joinBeacon([good[0], new Uint8Array(60), good[1], foreign.batch(), good[2]]))
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      error: 'refused',
      refused: [
        { ordinal: 2, refusal: 'malformed' },
        { ordinal: 4, refusal: 'unknown-site' },
      ],
    })
    expect(await values()).toEqual(good.map((bytes) => Buffer.from(bytes)))
  })

  it('[GW24] holds a batch larger than any', async () => {
    const response = await post(
      joinBeacon([new Uint8Array(limits.batchBytesMax + 1), new TestLane().batch()]),
    )
    expect(await response.json()).toMatchObject({ refused: [{ ordinal: 1, refusal: 'too-large' }] })
    expect(await test.records()).toHaveLength(1)
  })

  it('[GW23] larger than the limit is refused though no length was declared', async () => {
    const chunk = new Uint8Array(10_000)
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(chunk)
      },
    })
    const init = { method: 'POST', body, duplex: 'half', headers: { origin: shop.origins[0] } } as RequestInit
    // The server answers and closes while the client still sends: it sees the answer, or the connection break.
    const status = await fetch(`${test.gateway.url}/beacon?key=${shop.writeKey}`, init).then(
      (response) => response.status,
      () => 'closed',
    )
    expect([413, 'closed']).toContain(status)
    expect(test.gateway.counters.requestErrors['body-too-large']).toBe(1)
  })

  it('[GW23] whose body does not come in time gets 408', async () => {
    const peer = await RawPeer.dial(test.gateway.port)
    peer.send(`POST /beacon?key=${shop.writeKey} HTTP/1.1\r\nHost: g\r\nOrigin: ${shop.origins[0]}\r\n`)
    peer.send('Content-Length: 100\r\n\r\nabc')
    await peer.closed
    expect(peer.heard.toString()).toMatch(/^HTTP\/1\.1 408 [^]*"error":"timeout"/)
  })

  it('[GW20] that is given up half way leaves nothing behind', async () => {
    const socket = connect(test.gateway.port, '127.0.0.1')
    socket.write(`POST /beacon?key=${shop.writeKey} HTTP/1.1\r\nHost: g\r\nOrigin: ${shop.origins[0]}\r\n`)
    socket.write('Content-Length: 100\r\n\r\nabc', () => socket.destroy())
    await expect.poll(() => test.gateway.counters.requestErrors.timeout).toBe(1)
    expect((await post(joinBeacon([new TestLane().batch()]))).status).toBe(204)
    expect(test.lines.join('')).not.toMatch(/\\n {4}at |Error:/)
  })
})

describe('a log that does not take or not keep', () => {
  it('[GW24] gives 503, when it is full', async () => {
    test.log.full = true
    const response = await post(joinBeacon(new TestLane().batches(2)))
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/)
  })

  it('[GW24] gives 503 when one append of several failed, also if others were refused for good', async () => {
    const batches = new TestLane().batches(3)
    test.log.fault = (value) => (Buffer.from(value).equals(batches[1]) ? new Error('delivery timeout') : null)
    const response = await post(joinBeacon([...batches, new Uint8Array(60)]))
    expect(response.status).toBe(503)
    expect(((await response.json()) as { error: string }).error).toBe('unavailable')
  })
})
