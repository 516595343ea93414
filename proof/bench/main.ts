import path from 'node:path'
import { parseArgs } from 'node:util'
import { benchBytes } from './bytes.ts'
import { benchPath } from './path.ts'

const usage = `usage: npm run bench -- path [--engine kafka|embedded] [--rates 500000,…] [--visitors 2000] [--seconds 30] [--frame 30] [--warm-up 15] [--json]
       npm run bench -- bytes [--json]
`

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      engine: { type: 'string', default: 'kafka' },
      rates: { type: 'string', default: '500000' },
      visitors: { type: 'string', default: '2000' },
      seconds: { type: 'string', default: '30' },
      frame: { type: 'string', default: '30' },
      'warm-up': { type: 'string', default: '15' },
      json: { type: 'boolean', default: false },
    },
  })
  const say = (line: string) => process.stderr.write(`${line}\n`)
  const [name] = positionals
  if (name === 'bytes') return print(await benchBytes(path.resolve(import.meta.dirname, '../..')))
  if (name !== 'path' || (values.engine !== 'kafka' && values.engine !== 'embedded')) {
    process.stderr.write(usage)
    return 2
  }
  const report = await benchPath(
    {
      engine: values.engine,
      rates: values.rates.split(',').map(Number),
      visitors: Number(values.visitors),
      seconds: Number(values.seconds),
      frame: Number(values.frame),
      warmUpSeconds: Number(values['warm-up']),
    },
    say,
  )
  print(report, values.json)
  return (report.runs ?? [report]).every((run) => run.lost === 0 && run.doubled === 0) ? 0 : 1
}

function print(report: object, compact = false): number {
  process.stdout.write(`${compact ? JSON.stringify(report) : JSON.stringify(report, null, 2)}\n`)
  return 0
}

process.exitCode = await main()
