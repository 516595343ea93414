import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const pom = path.join(root, 'toolchain/kafka/pom.xml')
const pomHash = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12)
const cacheDir = path.join(root, '.cache/kafka')

/** Where the jars are kept: a folder for each version of the pom. */
export const kafkaJarsDir = path.join(cacheDir, pomHash)

/** A Java class path of all of them. */
export const kafkaClassPath = path.join(kafkaJarsDir, '*')

/** Fetches Apache Kafka's jars with Maven, once for each version of the pom. See kafka-jars.d.mts. */
export async function fetchKafkaJars(say = () => {}) {
  if (existsSync(kafkaJarsDir)) return
  say('fetching Apache Kafka with Maven (45 MB, once)')
  mkdirSync(cacheDir, { recursive: true })
  // Fetched beside and moved into place whole, so that an interrupted fetch leaves no half folder.
  const partial = mkdtempSync(path.join(cacheDir, 'partial-'))
  try {
    await mvn(['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${partial}`])
    moveInPlace(partial)
  } finally {
    rmSync(partial, { recursive: true, force: true })
  }
}

function moveInPlace(partial) {
  try {
    renameSync(partial, kafkaJarsDir)
  } catch (error) {
    // Another process was faster: its copy is as good as ours.
    if (!existsSync(kafkaJarsDir)) throw error
  }
}

function mvn(args) {
  return new Promise((resolve, reject) => {
    const child = spawn('mvn', ['-q', '-B', '--strict-checksums', '-f', pom, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`mvn ended with exit code ${code}:\n${output.trim()}`))
    })
  })
}
