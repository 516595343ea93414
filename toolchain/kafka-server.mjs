import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { freePort } from './free-port.mjs'
import { fetchKafkaJars, kafkaClassPath } from './kafka-jars.mjs'
import { askPort, startServer } from './server-process.mjs'

const quietLog = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'
const fastJvm = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto']
const fastHeap = ['-Xms128m', '-Xmx256m']
const fullHeap = ['-Xms512m', '-Xmx512m']

/** Starts a real Apache Kafka on loopback and waits until it answers. See kafka-server.d.mts. */
export async function startKafka({ dir, port = 0, fast = false, settings = {} }) {
  await fetchKafkaJars()
  const home = path.resolve(dir)
  const brokerPort = port || (await freePort())
  const config = { ...brokerSettings(home, brokerPort, await freePort()), ...settings }
  const configFile = path.join(home, 'server.properties')
  mkdirSync(home, { recursive: true })
  writeFileSync(configFile, toProperties(config))
  if (!existsSync(path.join(config['log.dirs'], 'meta.properties'))) await formatStorage(configFile)

  const jvm = fast ? [...fastJvm, ...fastHeap] : fullHeap
  const server = await startServer({
    name: 'Kafka',
    command: 'java',
    args: [...jvm, quietLog, '-cp', kafkaClassPath, 'kafka.Kafka', configFile],
    dir: home,
    logFile: path.join(home, 'kafka.log'),
    port: brokerPort,
    answers: answersApiVersions,
  })
  return { ...server, brokers: `127.0.0.1:${brokerPort}` }
}

function brokerSettings(home, brokerPort, controllerPort) {
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    listeners: `PLAINTEXT://127.0.0.1:${brokerPort},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${brokerPort}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'log.dirs': path.join(home, 'data'),
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    // A group of one member need not wait for others at its first start.
    'group.initial.rebalance.delay.ms': 0,
    // A mistyped topic is an error, not a new topic with the wrong number of partitions.
    'auto.create.topics.enable': false,
    'log.segment.bytes': 134_217_728,
    // After kill -9 the controller lets the same broker in again only when its old session has run
    // out: with Kafka's 9 s a restart takes 12 s.
    'broker.session.timeout.ms': 3000,
    'broker.heartbeat.interval.ms': 500,
  }
}

function toProperties(config) {
  return Object.entries(config)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')
}

// A cluster id is 16 random bytes in URL-safe base64; like Kafka's own tool, none begins with a dash.
function newClusterId() {
  for (;;) {
    const id = randomBytes(16).toString('base64url')
    if (!id.startsWith('-')) return id
  }
}

function formatStorage(configFile) {
  const tool = ['kafka.tools.StorageTool', 'format', '-t', newClusterId(), '-c', configFile]
  return new Promise((resolve, reject) => {
    const child = spawn('java', [...fastJvm, quietLog, '-cp', kafkaClassPath, ...tool], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`Kafka's storage tool ended with exit code ${code}:\n${output.trim()}`))
    })
  })
}

// ApiVersions v0 (key 18) with correlation id 1 and no client id. The broker listens before it is
// ready, but answers requests only once the controller has let it in.
const apiVersionsRequest = Buffer.from('0000000a' + '0012' + '0000' + '00000001' + 'ffff', 'hex')
const correlationIdAt = 4

async function answersApiVersions(port) {
  const reply = await askPort(port, apiVersionsRequest)
  return reply !== null && reply.length >= correlationIdAt + 4 && reply.readInt32BE(correlationIdAt) === 1
}
