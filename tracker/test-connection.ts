import { afterEach, beforeEach, vi } from 'vitest'
import type { Batcher } from './batcher.ts'
import { createClock } from './clock.ts'
import { createConnection } from './connection.ts'
import { newLane } from './lane.ts'
import { createRing } from './ring.ts'
import { TestSocket } from './test-socket.ts'

/** A connection with what it works on, on test sockets and a clock that stands still. */
export class TestConnection {
  readonly ring = createRing()
  readonly lane = newLane()
  readonly clock = createClock()
  readonly batcher = { flushMs: 1_000 } as Batcher
  readonly connection = createConnection('ws://gateway/ingest?key=1-a', this.ring, this.batcher, this.clock)

  /** Seals batches of ten events, marked by their bytes. */
  seal(...marks: number[]): void {
    for (const mark of marks) {
      this.ring.add({ bytes: new Uint8Array(50).fill(mark), events: 10, lane: this.lane, sealedMs: 0 })
      this.connection.send()
    }
  }

  /** Marks of what is not settled. */
  held(): number[] {
    return [...this.ring.batches].map(({ bytes }) => bytes[0])
  }

  /** Marks of what a gateway got on its connection. */
  received(socket = TestSocket.last): number[] {
    return socket.batches.map((bytes) => bytes[0])
  }

  connect(): TestSocket {
    this.connection.open()
    TestSocket.last.accept()
    return TestSocket.last
  }
}

/** A half of each random time is waited. */
export function testSocketsForEach(): void {
  beforeEach(() => {
    vi.useFakeTimers({
      now: 1_800_000_000_000,
      toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'],
    })
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    vi.stubGlobal('WebSocket', TestSocket)
    TestSocket.opened = []
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
    vi.unstubAllGlobals()
  })
}
