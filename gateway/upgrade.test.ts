import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { limits } from '@sightline/protocol/limits'
import { handshake, RawPeer } from './raw-peer.ts'
import { blog, shop, TestGateway } from './test-gateway.ts'
import { TestLane, TestTracker } from './test-tracker.ts'

let test: TestGateway
const peers: RawPeer[] = []

afterEach(async () => {
  for (const peer of peers.splice(0)) peer.socket.destroy()
  await test.stop()
})

/** What the server answered until it closed the connection. */
interface Answer {
  status: number
  headers: string
  body: { error?: string; message?: string }
}

async function dial(): Promise<RawPeer> {
  const peer = await RawPeer.dial(test.gateway.port)
  peers.push(peer)
  return peer
}

async function answerTo(bytes: string): Promise<Answer> {
  const peer = await dial()
  peer.send(bytes)
  return answerOf(peer)
}

async function answerOf(peer: RawPeer): Promise<Answer> {
  await peer.closed
  const [headers, body] = peer.heard.toString().split('\r\n\r\n')
  return { status: Number(headers.split(' ')[1]), headers, body: JSON.parse(body) as Answer['body'] }
}

const good = `/ingest?key=${shop.writeKey}`

/** Hostile handshakes, each with the status and code of the refusal. */
const hostile: [name: string, request: string, status: number, error: string][] = [
  ['wrong path', handshake(`/socket?key=${shop.writeKey}`), 400, 'bad-request'],
  ['path that climbs', handshake(`/ingest/../x?key=${shop.writeKey}`), 400, 'bad-request'],
  ['path at another host', handshake(`//evil.example${good}`), 400, 'bad-request'],
  ['path at another host, backslashed', handshake(`/\\evil.example${good}`), 400, 'bad-request'],
  ['no path', handshake('*'), 400, 'bad-request'],
  ['absolute target', handshake(`http://gateway${good}`), 400, 'bad-request'],
  ['no key', handshake('/ingest'), 400, 'bad-request'],
  ['two keys', handshake(`${good}&key=${blog.writeKey}`), 400, 'bad-request'],
  ['empty key', handshake('/ingest?key='), 401, 'unknown-key'],
  ['wrong key', handshake('/ingest?key=1-wrongwrongwrongwr'), 401, 'unknown-key'],
  ['key of an object member', handshake('/ingest?key=constructor'), 401, 'unknown-key'],
  ['overlong key', handshake(`/ingest?key=${'a'.repeat(2_000)}`), 401, 'unknown-key'],
  ['broken escape', handshake('/ingest?key=%E0%A4%A'), 401, 'unknown-key'],
  ['wrong origin', handshake(good, { Origin: 'https://evil.example' }), 403, 'origin-refused'],
  ['origin with a port', handshake(good, { Origin: 'https://shop.example:444' }), 403, 'origin-refused'],
  [
    'origin of a subdomain',
    handshake(good, { Origin: 'https://shop.example.evil.example' }),
    403,
    'origin-refused',
  ],
  ['origin null', handshake(good, { Origin: 'null' }), 403, 'origin-refused'],
  ['no origin', handshake(good, { Origin: undefined }), 403, 'origin-refused'],
  ['missing version', handshake(good, { 'Sec-WebSocket-Version': undefined }), 400, 'bad-request'],
  ['old version', handshake(good, { 'Sec-WebSocket-Version': '8' }), 400, 'bad-request'],
  ['missing key header', handshake(good, { 'Sec-WebSocket-Key': undefined }), 400, 'bad-request'],
  ['short key header', handshake(good, { 'Sec-WebSocket-Key': 'abc' }), 400, 'bad-request'],
  ['a subprotocol', handshake(good, { 'Sec-WebSocket-Protocol': 'soap, ,' }), 400, 'bad-request'],
  ['another upgrade', handshake(good, { Upgrade: 'h2c' }), 400, 'bad-request'],
  ['POST', handshake(good, {}, 'POST'), 400, 'bad-request'],
  ['junk', `${'\x00\x01\x02\xff'.repeat(20)}\r\n\r\n`, 400, 'bad-request'],
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400, 'bad-request'],
  ['a header without a colon', 'GET / HTTP/1.1\r\nnonsense\r\n\r\n', 400, 'bad-request'],
  [
    'too long headers',
    handshake(good, { Cookie: 'a'.repeat(limits.httpHeaderBytesMax) }),
    431,
    'headers-too-large',
  ],
]

describe('hostile upgrades', () => {
  beforeEach(async () => {
    test = await TestGateway.start()
  })

  it.each(hostile)(
    '[GW1] [GW2] %s is refused with its status and code',
    async (_name, request, status, error) => {
      const answer = await answerTo(request)
      expect(answer.status).toBe(status)
      expect(answer.body.error).toBe(error)
      expect(answer.body.message).toBeTruthy()
    },
  )

  it('[GW20] leave a good visitor undisturbed and no stack trace in the log', async () => {
    const visitor = await TestTracker.connect(test)
    const lane = new TestLane()
    for (const [i, [, request]] of hostile.entries()) {
      await answerTo(request)
      visitor.send(lane.batch())
      await visitor.settle(i + 1)
    }
    expect(test.lines.join('')).not.toMatch(/\n? {4}at |\\n {4}at |Error:/)
    expect(test.lines.length).toBeLessThan(5)
  })
})

describe('good upgrades', () => {
  it("[GW1] need the site's own origin", async () => {
    test = await TestGateway.start()
    const tracker = await TestTracker.connect(test)
    tracker.send(new TestLane().batch())
    await tracker.settle(1)
  })

  it('[GW1] come from anywhere when the site allows it', async () => {
    test = await TestGateway.start()
    for (const Origin of ['https://else.example', 'null', undefined]) {
      const peer = await dial()
      peer.send(handshake(`/ingest?key=${blog.writeKey}`, { Origin }))
      await expect.poll(() => peer.heard.toString()).toMatch(/^HTTP\/1\.1 101 /)
    }
  })
})

describe('bounds', () => {
  it('[GW2] ends headers that do not come in time, and silence', async () => {
    test = await TestGateway.start({ config: { upgradeMsMax: 300 } })
    const slow = await dial()
    slow.send('GET /ingest HTTP/1.1\r\n')
    const drip = setInterval(() => slow.send('X-A: b\r\n'), 50)
    const silent = await dial()
    expect(await answerOf(slow)).toMatchObject({ status: 408, body: { error: 'timeout' } })
    clearInterval(drip)
    expect(await answerOf(silent)).toMatchObject({ status: 408, body: { error: 'timeout' } })
  })

  it('[GW1] refuses connections beyond the limit with 429, and takes one again when one has gone', async () => {
    test = await TestGateway.start({ config: { connectionsMax: 2 } })
    const first = await TestTracker.connect(test)
    await TestTracker.connect(test)
    const refused = await answerTo(handshake(good))
    expect(refused.status).toBe(429)
    expect(refused.body.error).toBe('too-many')
    expect(refused.headers).toMatch(/Retry-After: \d+/)
    first.close()
    await first.closed
    await expect
      .poll(() =>
        TestTracker.connect(test).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true)
  })

  it('[GW1] refuses connections beyond the limit of an address with 429', async () => {
    test = await TestGateway.start({ config: { connectionsPerAddressMax: 1 } })
    await TestTracker.connect(test)
    expect((await answerTo(handshake(good))).status).toBe(429)
  })

  it('[GW1] refuses with 503 while the log takes nothing', async () => {
    test = await TestGateway.start()
    test.log.pendingRecords = limits.pendingRecordsMax
    const refused = await answerTo(handshake(good))
    expect(refused.status).toBe(503)
    expect(refused.body.error).toBe('unavailable')
    expect(refused.headers).toMatch(/Retry-After: \d+/)
  })

  it('[GW3] closes connections whose write key was replaced', async () => {
    test = await TestGateway.start({ config: { heartbeatMs: 1_000 } })
    const tracker = await TestTracker.connect(test)
    const other = await TestTracker.connect(test, { key: blog.writeKey })
    await test.engine.registry.putSite({ ...shop, writeKey: '1-qrstuvwxyzabcdef' })
    expect((await tracker.closed).code).toBe(1008)
    other.send(new TestLane(undefined, blog.id).batch())
    await other.settle(1)
  })
})
