import { handshake } from '@sightline/gateway/raw-peer'
import { blog, shop } from '@sightline/gateway/test-gateway'
import { limits } from '@sightline/protocol/limits'

/** A request that must not be done: what is sent, and the status and code of the answer. */
export interface HostileRequest {
  name: string
  bytes: string
  status: number
  error: string
}

const good = `/ingest?key=${shop.writeKey}`
const beacon = `/beacon?key=${shop.writeKey}`
const evil = 'https://evil.example'

function upgrade(
  name: string,
  status: number,
  error: string,
  target: string,
  headers = {},
  method?: string,
): HostileRequest {
  return { name, status, error, bytes: handshake(target, headers, method) }
}

/** The handshake with header lines of its own at the end. */
function upgradeWith(name: string, status: number, error: string, ...lines: string[]): HostileRequest {
  return { name, status, error, bytes: `${handshake(good).slice(0, -2)}${lines.join('\r\n')}\r\n\r\n` }
}

function post(
  name: string,
  status: number,
  error: string,
  target: string,
  lines: string[],
  body = '',
): HostileRequest {
  const head = [`POST ${target} HTTP/1.1`, 'Host: gateway', `Origin: ${shop.origins[0]}`, ...lines]
  return { name, status, error, bytes: `${head.join('\r\n')}\r\n\r\n${body}` }
}

/** Upgrades that are no proper request for a WebSocket of this gateway. */
const wrongUpgrades: HostileRequest[] = [
  upgrade('a wrong path', 400, 'bad-request', `/socket?key=${shop.writeKey}`),
  upgrade('a path that climbs', 400, 'bad-request', `/ingest/../admin?key=${shop.writeKey}`),
  upgrade(
    'an encoded path that climbs',
    400,
    'bad-request',
    `/ingest/%2e%2e/%2e%2e/etc/passwd?key=${shop.writeKey}`,
  ),
  upgrade('another host’s path', 400, 'bad-request', `//evil.example/ingest?key=${shop.writeKey}`),
  upgrade(
    'another host’s path with a backslash',
    400,
    'bad-request',
    `/\\evil.example/ingest?key=${shop.writeKey}`,
  ),
  upgrade('an absolute target', 400, 'bad-request', `http://gateway${good}`),
  upgrade('an asterisk', 400, 'bad-request', '*'),
  upgrade('POST', 400, 'bad-request', good, {}, 'POST'),
  upgrade('another protocol', 400, 'bad-request', good, { Upgrade: 'h2c' }),
  upgrade('no version', 400, 'bad-request', good, { 'Sec-WebSocket-Version': undefined }),
  upgrade('an old version', 400, 'bad-request', good, { 'Sec-WebSocket-Version': '8' }),
  upgrade('no WebSocket key', 400, 'bad-request', good, { 'Sec-WebSocket-Key': undefined }),
  upgrade('a short WebSocket key', 400, 'bad-request', good, { 'Sec-WebSocket-Key': 'abc' }),
  upgrade('a subprotocol', 400, 'bad-request', good, { 'Sec-WebSocket-Protocol': 'soap, ,' }),
]

/** Upgrades of those who may not. */
const strangers: HostileRequest[] = [
  upgrade('no write key', 400, 'bad-request', '/ingest'),
  upgrade('two write keys', 400, 'bad-request', `${good}&key=${blog.writeKey}`),
  upgrade('an empty write key', 401, 'unknown-key', '/ingest?key='),
  upgrade('a wrong write key', 401, 'unknown-key', '/ingest?key=1-wrongwrongwrongwr'),
  upgrade('the name of an object’s member', 401, 'unknown-key', '/ingest?key=__proto__'),
  upgrade('a write key of 4 KB', 401, 'unknown-key', `/ingest?key=${'a'.repeat(4_096)}`),
  upgrade('a broken escape', 401, 'unknown-key', '/ingest?key=%E0%A4%A'),
  upgrade('a line break in the write key', 401, 'unknown-key', `${good}%0d%0aX-Admin:%201`),
  upgrade('a wrong origin', 403, 'origin-refused', good, { Origin: evil }),
  upgrade('an origin that begins like ours', 403, 'origin-refused', good, {
    Origin: 'https://shop.example.evil.example',
  }),
  upgrade('our origin without TLS', 403, 'origin-refused', good, { Origin: 'http://shop.example' }),
  upgrade('the origin null', 403, 'origin-refused', good, { Origin: 'null' }),
  upgrade('no origin', 403, 'origin-refused', good, { Origin: undefined }),
]

/** Headers said twice, and requests that two servers in a row might read differently. */
const smuggling: HostileRequest[] = [
  upgradeWith('two origins, ours first', 403, 'origin-refused', `Origin: ${evil}`),
  upgradeWith('two WebSocket keys', 400, 'bad-request', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='),
  upgradeWith('two versions', 400, 'bad-request', 'Sec-WebSocket-Version: 8'),
  upgradeWith('two protocols', 400, 'bad-request', 'Upgrade: h2c'),
  upgradeWith('a header without a colon', 400, 'bad-request', 'nonsense'),
  upgradeWith('a folded header', 400, 'bad-request', 'X-Folded: a', ' b'),
  upgradeWith('a space before the colon', 400, 'bad-request', 'X-Spaced : a'),
  upgradeWith('a null byte in a header', 400, 'bad-request', 'X-Null: a\0b'),
  upgradeWith('huge headers', 431, 'headers-too-large', `Cookie: ${'a'.repeat(limits.httpHeaderBytesMax)}`),
  post('two lengths', 400, 'bad-request', beacon, ['Content-Length: 5', 'Content-Length: 50'], 'hello'),
  post(
    'a length and chunks',
    400,
    'bad-request',
    beacon,
    ['Content-Length: 5', 'Transfer-Encoding: chunked'],
    '0\r\n\r\n',
  ),
  post('chunks under another name', 400, 'bad-request', beacon, ['Transfer-Encoding: xchunked'], '0\r\n\r\n'),
  post('a negative length', 400, 'bad-request', beacon, ['Content-Length: -5'], 'hello'),
  post('a broken chunk', 400, 'bad-request', beacon, ['Transfer-Encoding: chunked'], 'zz\r\nhello\r\n'),
  {
    name: 'bytes that are not HTTP',
    status: 400,
    error: 'bad-request',
    bytes: `${'\0\x01\x02\xff'.repeat(20)}\r\n\r\n`,
  },
  {
    name: 'the preface of HTTP/2',
    status: 400,
    error: 'bad-request',
    bytes: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  },
  { name: 'TLS', status: 400, error: 'bad-request', bytes: '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03' },
]

/** Beacons, and what else one might ask for. */
const others: HostileRequest[] = [
  post('a beacon that is too long', 413, 'body-too-large', beacon, [
    `Content-Length: ${limits.beaconBytesMax + 1}`,
  ]),
  post('a beacon that is no sequence of batches', 400, 'bad-request', beacon, ['Content-Length: 5'], 'hello'),
  post('a beacon without a write key', 400, 'bad-request', '/beacon', ['Content-Length: 5'], 'hello'),
  post(
    'a beacon to a wrong write key',
    401,
    'unknown-key',
    '/beacon?key=1-wrongwrongwrongwr',
    ['Content-Length: 5'],
    'hello',
  ),
  post('a path that is not there', 404, 'not-found', '/api/v1/sites', [
    'Content-Length: 0',
    'Connection: close',
  ]),
]

export const hostileRequests: readonly HostileRequest[] = [
  ...wrongUpgrades,
  ...strangers,
  ...smuggling,
  ...others,
]
