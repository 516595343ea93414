import { frame, opcodes, type FrameFaults } from '@sightline/gateway/raw-peer'
import { limits } from '@sightline/protocol/limits'

/** Bytes on an open WebSocket that must end it, and the code with which it is closed. */
export interface HostileFrame {
  name: string
  bytes: () => Uint8Array | string
  code: number
}

const { binary, close, continuation, ping, text } = opcodes
const policy = 1008
const protocolError = 1002
const tooLarge = 1009
const rate = 4008

function part(opcode: number, payload: Uint8Array | string, faults: FrameFaults = {}): Buffer {
  return frame(opcode, payload, { fin: false, ...faults })
}

function many(count: number, bytes: Buffer): Buffer {
  return Buffer.concat(Array.from({ length: count }, () => bytes))
}

export const hostileFrames: readonly HostileFrame[] = [
  // texts that nobody asked for
  { name: 'an unasked text', bytes: () => frame(text, 'hello'), code: policy },
  { name: 'an empty text', bytes: () => frame(text, ''), code: policy },
  { name: 'a text in JSON', bytes: () => frame(text, '{"type":"settle"}'), code: policy },
  { name: 'the gateway’s own text', bytes: () => frame(text, 'settled 1000'), code: policy },
  { name: 'a ping without a number', bytes: () => frame(text, 'ping now'), code: policy },
  { name: 'a ping with a line break', bytes: () => frame(text, 'ping 1\nsettle'), code: policy },
  { name: 'a text of 16 KB', bytes: () => frame(text, 'x'.repeat(limits.batchBytesMax)), code: policy },
  {
    name: 'a text that is not UTF-8',
    bytes: () => frame(text, Buffer.from([0xff, 0xfe, 0xc0])),
    code: policy,
  },
  // sizes
  {
    name: 'a frame beyond the limit',
    bytes: () => frame(binary, new Uint8Array(limits.batchBytesMax + 1)),
    code: tooLarge,
  },
  {
    name: 'a header that claims a gigabyte',
    bytes: () => frame(binary, 'x', { claimedLength: 2 ** 30 }),
    code: tooLarge,
  },
  {
    name: 'a header that claims 2^60 bytes',
    bytes: () => frame(binary, 'x', { claimedLength: 2 ** 60 }),
    code: tooLarge,
  },
  {
    name: 'fragments that are too long together',
    bytes: () =>
      Buffer.concat([part(binary, new Uint8Array(16_000)), part(continuation, new Uint8Array(400))]),
    code: tooLarge,
  },
  // fragments without an end
  {
    name: 'fragments of one byte',
    bytes: () => Buffer.concat([part(binary, 'x'), many(200, part(continuation, 'x'))]),
    code: policy,
  },
  {
    name: 'empty fragments',
    bytes: () => Buffer.concat([part(binary, ''), many(200, part(continuation, ''))]),
    code: policy,
  },
  // the framing itself
  { name: 'a frame without a mask', bytes: () => frame(binary, 'x', { masked: false }), code: protocolError },
  { name: 'a compressed frame', bytes: () => frame(binary, 'x', { reserved: 4 }), code: protocolError },
  { name: 'the second reserved bit', bytes: () => frame(binary, 'x', { reserved: 2 }), code: protocolError },
  { name: 'the third reserved bit', bytes: () => frame(binary, 'x', { reserved: 1 }), code: protocolError },
  { name: 'a reserved opcode for data', bytes: () => frame(3, 'x'), code: protocolError },
  { name: 'a reserved opcode for control', bytes: () => frame(11, 'x'), code: protocolError },
  { name: 'a continuation of nothing', bytes: () => frame(continuation, 'x'), code: protocolError },
  {
    name: 'a message within a message',
    bytes: () => Buffer.concat([part(binary, 'x'), frame(binary, 'x')]),
    code: protocolError,
  },
  { name: 'a ping of 126 bytes', bytes: () => frame(ping, 'x'.repeat(126)), code: protocolError },
  { name: 'a ping in fragments', bytes: () => part(ping, 'x'), code: protocolError },
  { name: 'a close with half a code', bytes: () => frame(close, 'x'), code: protocolError },
  {
    name: 'a close with a code that is none',
    bytes: () => frame(close, Buffer.from([0, 5])),
    code: protocolError,
  },
  {
    name: 'a second HTTP request',
    bytes: () => 'GET /ingest HTTP/1.1\r\nHost: gateway\r\n\r\n',
    code: protocolError,
  },
  // floods
  {
    name: 'a flood of pongs',
    bytes: () => many(2 * limits.connectionFramesBurstMax, frame(opcodes.pong, '')),
    code: rate,
  },
  {
    name: 'a flood of clock pings',
    bytes: () => many(2 * limits.connectionFramesBurstMax, frame(text, 'ping 1')),
    code: rate,
  },
]
