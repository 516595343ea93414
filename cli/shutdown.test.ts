import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { Running, StoppedEarly, StopRequest, type WatchedProcess } from './shutdown.ts'
import { Keyboard, outliveTerminal } from './terminal.ts'

/** What StopRequest sees of a process. */
class TestProcess extends EventEmitter implements WatchedProcess {
  ppid = 100
  readonly exits: number[] = []

  exit(code: number): void {
    this.exits.push(code)
  }
}

function watch() {
  const watched = new TestProcess()
  const time = { ms: 0 }
  return { watched, time, stop: new StopRequest(watched, () => time.ms, true) }
}

test('[CL8] SIGINT, SIGTERM, SIGHUP, a key and the end of the parent ask for the stop, the first reason holds', async () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    const { watched, stop } = watch()
    watched.emit(signal, signal)
    stop.ask('q')
    expect(await stop.requested).toBe(signal)
    expect(watched.exits).toEqual([])
    stop.dispose()
  }
  const orphan = watch()
  orphan.watched.ppid = 1
  expect(await orphan.stop.requested).toBe('parent gone')
})

test('[CL9] Ctrl-C while it stops ends it at once, also when it was asked for by a key; the same wish told twice does not', () => {
  const { watched, stop, time } = watch()
  stop.ask('q')
  time.ms = 200
  watched.emit('SIGINT', 'SIGINT')
  expect(watched.exits).toEqual([])
  time.ms = 400
  watched.emit('SIGTERM', 'SIGTERM')
  watched.emit('SIGHUP', 'SIGHUP')
  expect(watched.exits).toEqual([])
  watched.emit('SIGINT', 'SIGINT')
  expect(watched.exits).toEqual([130])
})

test('[CL12] after dispose nothing is watched any more', () => {
  const { watched, stop } = watch()
  stop.dispose()
  expect(
    watched.listenerCount('SIGINT') + watched.listenerCount('SIGTERM') + watched.listenerCount('SIGHUP'),
  ).toBe(0)
})

test('[CL8] parts stop in the reverse order; one that fails or hangs does not keep the others', async () => {
  const order: string[] = []
  const running = new Running(50)
  running.add('engine', async () => void order.push('engine'))
  running.add('stuck', () => (order.push('stuck'), new Promise(() => {})))
  running.add('broken', () => (order.push('broken'), Promise.reject(new Error('no'))))
  running.add('live', async () => void order.push('live'))
  const error = await running.close().catch((reason: AggregateError) => reason)
  expect(order).toEqual(['live', 'broken', 'stuck', 'engine'])
  expect(String(error)).toContain('stopping broken failed; stuck did not stop in time')
  await running.close()
})

test('[CL7] a part that does not start is told, and what started before is stopped', async () => {
  const { stop } = watch()
  const running = new Running()
  const closed: string[] = []
  const part = (name: string) => ({ close: async () => void closed.push(name) })
  await running.start(
    'engine',
    stop,
    async () => part('engine'),
    (one) => one.close(),
  )
  const refused = running.start(
    'gateway',
    stop,
    () => Promise.reject<ReturnType<typeof part>>(new Error('port is taken')),
    (one) => one.close(),
  )
  await expect(refused).rejects.toThrow('port is taken')
  await running.close()
  expect(closed).toEqual(['engine'])
  stop.dispose()
})

test('[CL8] a stop while a part is starting is not kept waiting; the part is closed when it comes after all', async () => {
  const { stop } = watch()
  const running = new Running()
  const opening = Promise.withResolvers<{ close(): Promise<void> }>()
  let closed = 0
  const starting = running.start(
    'engine',
    stop,
    () => opening.promise,
    (one) => one.close(),
  )
  stop.ask('SIGINT')
  await expect(starting).rejects.toBeInstanceOf(StoppedEarly)
  await expect(
    running.start(
      'gateway',
      stop,
      () => Promise.resolve({}),
      async () => {},
    ),
  ).rejects.toBeInstanceOf(StoppedEarly)
  const closing = running.close()
  opening.resolve({ close: async () => void closed++ })
  await closing
  expect(closed).toBe(1)
})

test('[CL8] a part that never starts does not hold the stop up', async () => {
  const { stop } = watch()
  const running = new Running()
  const starting = running.start(
    'engine',
    stop,
    () => new Promise<never>(() => {}),
    async () => {},
  )
  stop.ask('SIGINT')
  await expect(starting).rejects.toBeInstanceOf(StoppedEarly)
  const beganMs = performance.now()
  await running.close()
  expect(performance.now() - beganMs).toBeLessThan(5_000)
})

class TestTerminal extends EventEmitter {
  readonly isTTY: boolean
  raw = false
  reading = false

  constructor(isTTY = true) {
    super()
    this.isTTY = isTTY
  }

  setRawMode(raw: boolean): void {
    this.raw = raw
  }

  resume(): void {
    this.reading = true
  }

  pause(): void {
    this.reading = false
  }
}

test('[CL8] keys act, several in one read too, Ctrl-C as a key; afterwards the terminal is as before', () => {
  const terminal = new TestTerminal()
  const keyboard = new Keyboard(terminal)
  const pressed: string[] = []
  keyboard.start({ q: () => pressed.push('q'), v: () => pressed.push('v') }, () => pressed.push('^C'))
  expect([terminal.raw, terminal.reading]).toEqual([true, true])
  terminal.emit('data', Buffer.from('vvx'))
  terminal.emit('data', Buffer.from('\u0003q'))
  expect(pressed).toEqual(['v', 'v', '^C', 'q'])
  keyboard.stop()
  keyboard.stop()
  expect([terminal.raw, terminal.reading, terminal.listenerCount('data')]).toEqual([false, false, 0])
})

test('[CL8] where there is no terminal nothing is read', () => {
  const pipe = new TestTerminal(false)
  const keyboard = new Keyboard(pipe)
  keyboard.start({ q: () => {} }, () => {})
  keyboard.stop()
  expect([pipe.reading, pipe.listenerCount('data')]).toEqual([false, 0])
})

test('[CL10] a terminal that is gone throws nothing', () => {
  const terminal = new TestTerminal()
  const keyboard = new Keyboard(terminal)
  keyboard.start({}, () => {})
  terminal.emit('error', Object.assign(new Error('read EIO'), { code: 'EIO' }))
  terminal.setRawMode = () => {
    throw new Error('setRawMode EIO')
  }
  keyboard.stop()
  const output = new EventEmitter()
  outliveTerminal(output)
  output.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
})
