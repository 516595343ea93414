import { createConnection } from 'node:net'
import { mkdir, access, constants } from 'node:fs/promises'
import path from 'node:path'
import { styleText } from 'node:util'
import type { Config } from './config.ts'
import { openEngine } from './roles.ts'

interface Finding {
  ok: boolean
  what: string
  /** What to do when it isn't. */
  mend?: string
}

/** Checks what the settings point at. Exit code 1 when something has to be mended. */
export async function doctor(config: Config): Promise<number> {
  const findings: Finding[] = []
  const major = Number(process.versions.node.split('.')[0])
  findings.push({
    ok: major >= 24,
    what: `Node ${process.versions.node}`,
    mend: 'Node 24 or newer is needed; npm start obtains it.',
  })
  if (config.engine === 'embedded') findings.push(await dataFolder(config.dataDirectory))
  else findings.push(...(await servers(config)))
  for (const [name, host, port] of [
    ['gateway', config.gatewayHost, config.gatewayPort],
    ['live server', config.liveHost, config.livePort],
    ['demo shop', config.demoHost, config.demoPort],
  ] as const) {
    const taken = await answers(host, port)
    findings.push({
      ok: true,
      what: `port ${port} for the ${name} is ${taken ? 'in use (a running Sightline?)' : 'free'}`,
    })
  }
  for (const { ok, what, mend } of findings) {
    process.stdout.write(
      `${ok ? styleText('green', 'ok  ') : styleText('red', 'fail')} ${what}${ok || mend === undefined ? '' : `\n     ${mend}`}\n`,
    )
  }
  return findings.every(({ ok }) => ok) ? 0 : 1
}

async function dataFolder(directory: string): Promise<Finding> {
  const folder = path.resolve(directory)
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
    return { ok: true, what: `data folder ${folder} can be written` }
  } catch (error) {
    return {
      ok: false,
      what: `data folder ${folder}: ${(error as Error).message}`,
      mend: 'Choose another with --data.',
    }
  }
}

async function servers(config: Config): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const broker of config.kafkaBrokers) {
    const [, host, port] = /^(.*):(\d+)$/.exec(broker) ?? []
    const ok = await answers(host.replace(/^\[|\]$/g, ''), Number(port))
    findings.push({
      ok,
      what: `Kafka at ${broker} ${ok ? 'answers' : 'does not answer'}`,
      mend: 'Start it (npm run services), or set --kafka-brokers.',
    })
  }
  const url = new URL(config.redisUrl)
  const ok = await answers(url.hostname, Number(url.port || 6_379))
  findings.push({
    ok,
    what: `Redis at ${url.host} ${ok ? 'answers' : 'does not answer'}`,
    mend: 'Start it (npm run services), or set --redis-url.',
  })
  if (findings.every((finding) => finding.ok)) {
    try {
      const engine = await openEngine(config)
      await engine.close()
      findings.push({ ok: true, what: 'topics and Redis settings are as they should be' })
    } catch (error) {
      findings.push({ ok: false, what: `the engine refuses: ${(error as Error).message}` })
    }
  }
  return findings
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: 2_000 })
    const end = (ok: boolean) => {
      socket.destroy()
      resolve(ok)
    }
    socket.once('connect', () => end(true))
    socket.once('timeout', () => end(false))
    socket.once('error', () => end(false))
  })
}
