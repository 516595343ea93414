import type { Config } from '../config.ts'
import { publicGatewayUrl, urlOf } from '../roles.ts'
import { StopRequest } from '../shutdown.ts'
import type { LoadOptions } from './load-options.ts'
import { runLoad, type LoadResult } from './run-load.ts'

/** `sightline load`: exit code 1 when something was refused or stayed without an answer. */
export async function load(
  config: Config,
  options: LoadOptions,
  { json }: { json: boolean },
): Promise<number> {
  const site = await siteFromLiveServer(config, options.site)
  const gatewayUrl = publicGatewayUrl(config)
  if (!json) {
    process.stdout.write(
      `${options.rate} events/s from ${options.visitors} visitors for ${options.seconds} s to ${gatewayUrl}, counted for site ${site.id}, “${site.name}”\n`,
    )
  }
  const stop = new StopRequest()
  const result = await runLoad(
    {
      ingestUrl: `${gatewayUrl.replace(/^http/, 'ws')}/ingest?key=${site.writeKey}`,
      origin: site.origins[0] === '*' ? gatewayUrl : site.origins[0],
      site: site.id,
    },
    options,
    Math.random,
    json
      ? undefined
      : (sent, acknowledged) => process.stdout.write(`  sent ${sent}  acknowledged ${acknowledged}\n`),
    () => stop.reason !== null,
  )
  stop.dispose()
  process.stdout.write(json ? JSON.stringify(result) + '\n' : describe(result))
  return result.refused > 0 || result.unsettled > 0 ? 1 : 0
}

function describe(result: LoadResult): string {
  const refused = Object.entries(result.refusedBy).map(([code, events]) => `${code} ${events}`)
  const lost = Object.entries(result.lostWith).map(([code, connections]) => `${code}: ${connections}`)
  return [
    `sent          ${result.sent} events in ${result.frames} frames, ${result.eventsPerSecond} events/s`,
    `acknowledged  ${result.acknowledged}`,
    `refused       ${result.refused}${refused.length > 0 ? ` (${refused.join(', ')})` : ''}`,
    `unsettled     ${result.unsettled}`,
    `held back     ${result.held}`,
    `acknowledged after  p50 ${result.acknowledgementMs.p50} ms, p99 ${result.acknowledgementMs.p99} ms`,
    `reconnects    ${result.reconnects}${lost.length > 0 ? ` (${lost.join(', ')})` : ''}`,
    '',
  ].join('\n')
}

async function siteFromLiveServer(
  config: Config,
  id: number,
): Promise<{ id: number; name: string; writeKey: string; origins: string[] }> {
  const url = `${urlOf(config.liveHost, config.livePort)}/api/v1/sites`
  const headers: Record<string, string> =
    config.adminToken === '' ? {} : { authorization: `Bearer ${config.adminToken}` }
  let answer: Response
  try {
    answer = await fetch(url, { headers })
  } catch {
    throw new Error(`no live server answers at ${url}; start one first (npm start)`)
  }
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
  const sites = (await answer.json()) as {
    id: number
    name: string
    writeKey: string
    origins: string[]
  }[]
  const site = sites.find((one) => one.id === id)
  if (site === undefined)
    throw new Error(`there is no site ${id}; there are ${sites.map((one) => one.id).join(', ')}`)
  return site
}
