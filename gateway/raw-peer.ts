import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { shop } from './test-gateway.ts'

/** A handshake with some headers replaced, or left out where undefined. */
export function handshake(
  target: string = `/ingest?key=${shop.writeKey}`,
  replaced: Record<string, string | undefined> = {},
  method = 'GET',
): string {
  const headers: Record<string, string | undefined> = {
    Host: 'gateway',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    Origin: shop.origins[0],
    ...replaced,
  }
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  )
  return [`${method} ${target} HTTP/1.1`, ...lines, '', ''].join('\r\n')
}

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

/** How a frame differs from a proper final one. */
export interface FrameFaults {
  fin?: boolean
  masked?: boolean
  /** Reserved bits, 0 to 7. */
  reserved?: number
  /** The length that the header claims. */
  claimedLength?: number
}

/** The bytes of one client frame, with a mask of zeros. */
export function frame(opcode: number, payload: Uint8Array | string = '', faults: FrameFaults = {}): Buffer {
  const { fin = true, masked = true, reserved = 0 } = faults
  const body = Buffer.from(payload)
  const length = faults.claimedLength ?? body.length
  const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode
  const mask = masked ? 0x80 : 0
  const header =
    length <= 125
      ? Buffer.from([first, mask | length])
      : length <= 0xffff
        ? Buffer.alloc(4)
        : Buffer.alloc(10)
  if (length > 125) {
    header[0] = first
    header[1] = mask | (length <= 0xffff ? 126 : 127)
    if (length <= 0xffff) header.writeUInt16BE(length, 2)
    else header.writeBigUInt64BE(BigInt(length), 2)
  }
  return Buffer.concat([header, Buffer.alloc(masked ? 4 : 0), body])
}

/** A peer that speaks TCP only: what it sends is up to the test. */
export class RawPeer {
  /** All bytes heard, without the answer to the handshake. */
  heard = Buffer.alloc(0)
  private upgraded = false
  private answeredClose = false
  readonly closed: Promise<void>

  private constructor(readonly socket: Socket) {
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) => this.hear(chunk))
    this.closed = new Promise((resolve) => socket.on('close', () => resolve()))
  }

  static async dial(port: number): Promise<RawPeer> {
    const peer = new RawPeer(connect(port, '127.0.0.1'))
    await once(peer.socket, 'connect')
    return peer
  }

  /** A peer whose WebSocket is open. */
  static async open(port: number): Promise<RawPeer> {
    const peer = await RawPeer.dial(port)
    peer.send(handshake())
    while (!peer.heard.includes('\r\n\r\n')) await once(peer.socket, 'data')
    peer.heard = peer.heard.subarray(peer.heard.indexOf('\r\n\r\n') + 4)
    peer.upgraded = true
    return peer
  }

  send(bytes: Uint8Array | string): void {
    this.socket.write(bytes)
  }

  /** The code of the close frame that was heard when the server closed; 1006 when there was none. */
  async closeCode(): Promise<number> {
    await this.closed
    return this.closeHeard() ?? 1006
  }

  /** Answers a close frame, as every client does, so that the server need not wait for it. */
  private hear(chunk: Buffer): void {
    this.heard = Buffer.concat([this.heard, chunk])
    if (!this.upgraded || this.answeredClose || this.closeHeard() === null) return
    this.answeredClose = true
    this.send(frame(opcodes.close))
  }

  private closeHeard(): number | null {
    let at = 0
    while (at + 1 < this.heard.length) {
      const length = this.heard[at + 1]
      if ((this.heard[at] & 0x0f) === opcodes.close) return this.heard.readUInt16BE(at + 2)
      at += 2 + length
    }
    return null
  }
}
