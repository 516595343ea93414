import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { LoadResult } from '@sightline/cli/load/run-load'

const cli = fileURLToPath(
  new URL('../../cli/dist/main.js', import.meta.url).href.replace('/proof/dist/', '/proof/'),
)

export interface LoadRun {
  rate: number
  visitors: number
  seconds: number
  frame: number
}

/** `sightline load` as its own process. `onStart` is told its pid. */
export function loadProcess(
  urls: { gateway: string; live: string },
  run: LoadRun,
  onStart: (pid: number) => void,
): Promise<LoadResult> {
  const { port } = new URL(urls.live)
  const args = ['load', '--json', '--site', '1', '--gateway-url', urls.gateway, '--live-port', port]
  for (const [name, value] of Object.entries(run)) args.push(`--${name}`, String(value))
  const child = spawn(process.execPath, [cli, ...args], {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (child.pid !== undefined) onStart(child.pid)
  let output = ''
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()))
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => {
      try {
        resolve(JSON.parse(output) as LoadResult)
      } catch {
        reject(new Error(`the load ended with ${code}: ${output}`))
      }
    })
  })
}
