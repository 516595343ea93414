/**
 * Both ends of a browser's WebSocket, for tests: what the tracker sends waits here until the test has looked at it, and
 * nothing happens to the connection but what the test does.
 */
export class TestSocket {
  /** Every socket that was opened, oldest first. */
  static opened: TestSocket[] = []

  static get last(): TestSocket {
    return TestSocket.opened.at(-1)!
  }

  readonly url: string
  readyState = 0
  bufferedAmount = 0
  /** Binary frames of this connection; the first has the ordinal 1. */
  readonly batches: Uint8Array[] = []
  readonly texts: string[] = []
  closedByTracker = false
  onopen: () => void = () => {}
  onmessage: (event: { data: string }) => void = () => {}
  onclose: (event: { reason: string }) => void = () => {}

  constructor(url: string) {
    this.url = url
    TestSocket.opened.push(this)
  }

  send(data: string | Uint8Array): void {
    if (this.readyState === 0) throw new Error('a browser throws here: the socket still connects')
    if (this.readyState !== 1) return // as a browser: silently gone
    if (typeof data === 'string') this.texts.push(data)
    else this.batches.push(data)
  }

  close(): void {
    this.closedByTracker = true
    this.readyState = 2
  }

  accept(): void {
    this.readyState = 1
    this.onopen()
  }

  say(text: string): void {
    this.onmessage({ data: text })
  }

  /** The connection ends, by whomever. */
  end(reason = ''): void {
    this.readyState = 3
    this.onclose({ reason })
  }
}
