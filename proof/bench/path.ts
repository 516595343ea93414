import { Installation } from '../installation/installation.ts'
import { benchServers } from './bench-servers.ts'
import { HandToViewer } from './hand-to-viewer.ts'
import { loadProcess, type LoadRun } from './load-process.ts'
import { machine } from './machine.ts'
import { usageOf } from './process-usage.ts'

export interface PathBenchOptions {
  engine: 'embedded' | 'kafka'
  /** Events per second, one after the other. */
  rates: number[]
  visitors: number
  seconds: number
  frame: number
  /** Before measuring, so that compilers have done their work. */
  warmUpSeconds: number
}

/** The whole path under load, everything on this machine: from the visitors' sockets to a viewer's. */
export async function benchPath(options: PathBenchOptions, say: (line: string) => void) {
  const servers = options.engine === 'kafka' ? await benchServers() : null
  let installation: Installation | null = null
  let viewer: HandToViewer | null = null
  try {
    installation = await Installation.start(
      servers === null
        ? { kind: 'embedded' }
        : { kind: 'kafka', brokers: servers.brokers, redisUrl: servers.redisUrl },
    )
    viewer = await HandToViewer.open(installation.liveUrls[0], 1)
    const path = new PathUnderLoad(installation, viewer, { ...servers?.pids, viewer: process.pid })
    const { visitors, frame } = options
    say(`warming up for ${options.warmUpSeconds} s`)
    await path.run({ rate: options.rates[0], visitors, frame, seconds: options.warmUpSeconds })
    const runs = []
    for (const rate of options.rates) {
      say(`${rate} events/s for ${options.seconds} s`)
      runs.push(await path.run({ rate, visitors, frame, seconds: options.seconds }))
    }
    const about = { bench: 'path', engine: options.engine, visitors, eventsPerFrame: frame }
    // The last rate stands in front; the others are for the course of things.
    const course = runs.length > 1 ? { marginal: marginalCpu(runs), runs } : {}
    return { ...about, ...runs[runs.length - 1], ...course, machine: machine() }
  } finally {
    viewer?.close()
    await installation?.stop()
    await servers?.stop()
  }
}

export type PathRun = Awaited<ReturnType<PathUnderLoad['run']>>

class PathUnderLoad {
  private readonly installation: Installation
  private readonly viewer: HandToViewer
  private readonly pids: Record<string, number>

  constructor(installation: Installation, viewer: HandToViewer, pids: Record<string, number>) {
    this.installation = installation
    this.viewer = viewer
    this.pids = pids
    for (const role of [
      ...installation.up,
      ...installation.gateways,
      ...installation.processors,
      ...installation.lives,
    ]) {
      this.pids[role.name.replace(' 1', '')] = role.pid
    }
  }

  async run(load: LoadRun) {
    const { installation, viewer } = this
    const pids = { ...this.pids }
    const before = await this.counted()
    const begin = await usageOf(pids)
    viewer.begin()
    let loadCpu = 0
    const result = await loadProcess(
      { gateway: installation.gatewayUrls[0], live: installation.liveUrls[0] },
      load,
      () => {},
    )
    loadCpu = result.cpuSeconds
    const seen = viewer.result()
    const ledger = await installation.settledLedger(before + result.acknowledged)
    const end = await usageOf(pids)
    const counted = ledger.counted - before
    const cpu: Record<string, number> = { load: perMillion(loadCpu, result.sent) }
    const rss: Record<string, number> = {}
    let ours = 0
    for (const name of Object.keys(pids)) {
      const seconds = end[name].cpuSeconds - begin[name].cpuSeconds
      cpu[name] = perMillion(seconds, result.sent)
      rss[name] = end[name].rssMb
      if (name !== 'viewer') ours += seconds
    }
    return {
      eventsPerSecond: result.eventsPerSecond,
      framesPerSecond: Math.round(result.frames / result.seconds),
      seconds: Math.round(result.seconds * 10) / 10,
      sent: result.sent,
      acknowledged: result.acknowledged,
      refused: result.refused,
      held: result.held,
      counted,
      lost: Math.max(0, result.acknowledged - counted),
      doubled: Math.max(0, counted - result.sent),
      balanced: ledger.balanced,
      frames: result.frames,
      framesToViewer: seen.frames,
      pointsToViewer: seen.points,
      latencyMs: seen.latencyMs,
      lagMs: seen.lagMs,
      cpuSecondsPerMillionEvents: cpu,
      cpuMicrosecondsPerFrame: Math.round((((ours + loadCpu) * 1e6) / result.frames) * 10) / 10,
      cpuSeconds: Math.round((ours + loadCpu) * 100) / 100,
      cores: Math.round(((ours + loadCpu) / result.seconds) * 100) / 100,
      rssMb: rss,
    }
  }

  private async counted(): Promise<number> {
    return (await this.installation.get<{ counted: number }>('/api/v1/sites/1/ledger')).counted
  }
}

/** CPU of one more frame between each two rates that follow each other, µs: flat or falling when nothing piles up. */
function marginalCpu(runs: PathRun[]) {
  return runs.slice(1).map((run, i) => {
    const before = runs[i]
    const cores = run.cpuSeconds / run.seconds - before.cpuSeconds / before.seconds
    const frames = run.framesPerSecond - before.framesPerSecond
    return {
      from: before.eventsPerSecond,
      to: run.eventsPerSecond,
      microsecondsPerFrame: Math.round((cores * 1e7) / frames) / 10,
    }
  })
}

function perMillion(seconds: number, events: number): number {
  return Math.round((seconds / (events / 1e6)) * 1_000) / 1_000
}
