// `npm run services`: a real Kafka and a real Redis on loopback for development, until Ctrl-C.
import path from 'node:path'
import { parseArgs } from 'node:util'
import { isPortFree } from './free-port.mjs'
import { fetchKafkaJars } from './kafka-jars.mjs'
import { startKafka } from './kafka-server.mjs'
import { onParentDeath } from './parent-death.mjs'
import { startRedis } from './redis-server.mjs'
import { requirePrograms } from './requirements.mjs'

const usage = `usage: npm run services -- [options]

  --kafka-port N   default 9092, or SIGHTLINE_SERVICES_KAFKA_PORT
  --redis-port N   default 6379, or SIGHTLINE_SERVICES_REDIS_PORT
  --data DIR       default .sightline/services, or SIGHTLINE_SERVICES_DATA
  --help           this text`

const options = {
  'kafka-port': { type: 'string', default: process.env.SIGHTLINE_SERVICES_KAFKA_PORT ?? '9092' },
  'redis-port': { type: 'string', default: process.env.SIGHTLINE_SERVICES_REDIS_PORT ?? '6379' },
  data: { type: 'string', default: process.env.SIGHTLINE_SERVICES_DATA ?? '.sightline/services' },
  help: { type: 'boolean', default: false },
}

const say = (line) => console.log(line)

function refuse(text) {
  console.error(text)
  process.exit(2)
}

function readOptions() {
  let values
  try {
    values = parseArgs({ options }).values
  } catch (error) {
    refuse(`${error.message}\n\n${usage}`)
  }
  if (values.help) {
    say(usage)
    process.exit(0)
  }
  return {
    kafkaPort: readPort('--kafka-port', values['kafka-port']),
    redisPort: readPort('--redis-port', values['redis-port']),
    data: path.resolve(values.data),
  }
}

function readPort(flag, text) {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    refuse(`${flag} must be a port from 1 to 65535, not "${text}"`)
  return port
}

async function refuseIfTaken(what, port, flag) {
  if (await isPortFree(port)) return
  refuse(
    `Port ${port} on 127.0.0.1 is taken, so ${what} was not started. Stop what listens there ` +
      `(\`ss -ltnp 'sport = :${port}'\` names it), or choose another port: npm run services -- ${flag} N`,
  )
}

function nextCommand({ kafkaPort, redisPort }) {
  const settings = [
    kafkaPort === 9092 ? '' : ` --kafka-brokers 127.0.0.1:${kafkaPort}`,
    redisPort === 6379 ? '' : ` --redis-url redis://127.0.0.1:${redisPort}`,
  ]
  return `npm run sightline -- up --engine kafka${settings.join('')}`
}

async function main() {
  const chosen = readOptions()
  requirePrograms(['java', 'mvn', 'redis-server'], say)
  await refuseIfTaken('Kafka', chosen.kafkaPort, '--kafka-port')
  await refuseIfTaken('Redis', chosen.redisPort, '--redis-port')
  await fetchKafkaJars(say)

  let stopping = false
  const servers = []
  const stop = async (why, exitCode) => {
    if (stopping) return
    stopping = true
    say(`${why}: stopping Kafka and Redis`)
    await Promise.all(servers.map((server) => server.stop()))
    say('stopped')
    process.exit(exitCode)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop(signal, 0))
  onParentDeath(() => void stop('the starting process has ended', 0))

  say('starting Apache Kafka and Redis …')
  const starting = [
    startRedis({ dir: path.join(chosen.data, 'redis'), port: chosen.redisPort }),
    startKafka({ dir: path.join(chosen.data, 'kafka'), port: chosen.kafkaPort }),
  ]
  for (const start of starting)
    start.then(
      (server) => servers.push(server),
      () => {},
    )
  const [redis, kafka] = await Promise.all(starting)
  if (stopping) return void (await Promise.all([redis.stop(), kafka.stop()]))
  say(`
  Kafka   ${kafka.brokers}   (process ${kafka.pid})
  Redis   127.0.0.1:${redis.port}   (process ${redis.pid})
  data    ${chosen.data}

  next, in another terminal:   ${nextCommand(chosen)}
  to stop both:                Ctrl-C
`)
  for (const [name, server] of [
    ['Kafka', kafka],
    ['Redis', redis],
  ]) {
    server.exited.then(() => stop(`${name} has ended by itself (its log is in ${chosen.data})`, 1))
  }
}

main().catch((error) => {
  console.error(error.message)
  process.exit(1)
})
