import { limits } from '@sightline/protocol/limits'
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { type DatabaseFile, openDatabaseFile } from './database-file.ts'
import type {
  Answer,
  AppendedChunk,
  CallMessage,
  LogSlice,
  WorkerMessage,
  WorkerSettings,
} from './database-messages.ts'
import { DatabaseTables } from './database-tables.ts'
import { toMessage } from './error-messages.ts'
import { GroupCommit } from './group-commit.ts'
import { Upkeep } from './upkeep.ts'

/**
 * The thread that owns the database file: entry of the worker that EmbeddedDatabase starts. Everything that arrived
 * while one transaction was being written goes into the next. Only erasable TypeScript here and in what it imports:
 * the sources are run as they are.
 */

const port = parentPort as MessagePort
const settings = workerData as WorkerSettings

function send(message: WorkerMessage, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer)
}

function start(): void {
  let file: DatabaseFile
  try {
    file = openDatabaseFile(settings)
  } catch (error) {
    send({ kind: 'refused', error: toMessage(error) })
    port.close()
    return
  }
  const tables = new DatabaseTables(file.database, file.partitions, settings, Date.now)
  const groups = new GroupCommit(file.database, tables)
  const upkeep = new Upkeep(tables, groups, settings.logRetentionMs, Date.now, (error) => {
    send({ kind: 'upkeep-failed', error: toMessage(error) })
  })
  port.on('message', (first: CallMessage | 'close') => {
    const { group, closing } = drain(first)
    const answers = groups.run(group)
    send({ kind: 'answers', answers }, buffersOf(answers))
    if (closing) close(file, upkeep)
  })
  send({ kind: 'opened', identity: file.identity, partitions: file.partitions })
}

/** The message that woke the thread and all that wait behind it. */
function drain(first: CallMessage | 'close'): { group: CallMessage[]; closing: boolean } {
  const group: CallMessage[] = []
  let bytes = 0
  let message: CallMessage | 'close' | undefined = first
  while (message !== undefined) {
    if (message === 'close') return { group, closing: true }
    group.push(message)
    if (message.kind === 'append') bytes += (message.request as AppendedChunk).length
    if (bytes >= limits.transactionBytesMax) break
    message = receiveMessageOnPort(port)?.message as CallMessage | 'close' | undefined
  }
  return { group, closing: false }
}

/** Buffers of records travel without being copied. */
function buffersOf(answers: Answer[]): ArrayBuffer[] {
  const buffers: ArrayBuffer[] = []
  for (const one of answers) {
    const buffer = one.error === null ? (one.answer as AppendedChunk | LogSlice | null)?.buffer : undefined
    if (buffer instanceof ArrayBuffer) buffers.push(buffer)
  }
  return buffers
}

function close(file: DatabaseFile, upkeep: Upkeep): void {
  upkeep.stop()
  let error: unknown = null
  try {
    file.close()
  } catch (reason) {
    error = reason
  }
  send({ kind: 'closed', error: error === null ? null : toMessage(error) })
  port.close()
}

start()
