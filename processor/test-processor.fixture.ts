import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from '@sightline/engine/engine'
import { pino, type Logger } from 'pino'
import { Processor } from './processor.ts'

/** A processor without Nest around it, and what it logs. */
export interface TestProcessor {
  processor: Processor
  /** Lines at warning level and above. */
  lines: { level: number; msg: string; [field: string]: unknown }[]
  stop(): Promise<void>
}

export async function startTestProcessor(
  engine: Engine,
  name = 'processor-a',
  group = 'test',
): Promise<TestProcessor> {
  const { logger, lines } = recordingLogger()
  const processor = new Processor({
    engine,
    logger,
    group,
    name,
    sessionTimeoutMs: 6_000,
    now: () => performance.now(),
    epochMs: Date.now,
    sleep: (ms) => sleep(ms),
    busy: () => 0,
  })
  await processor.start()
  return { processor, lines, stop: () => processor.stop() }
}

function recordingLogger(): { logger: Logger; lines: TestProcessor['lines'] } {
  const lines: TestProcessor['lines'] = []
  const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  return { logger, lines }
}
