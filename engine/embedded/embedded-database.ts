import { limits } from '@sightline/protocol/limits'
import { Worker } from 'node:worker_threads'
import { CommitFeed } from './commit-feed.ts'
import type { Answer, CallKind, DatabaseCalls, WorkerMessage, WorkerSettings } from './database-messages.ts'
import { fromMessage } from './error-messages.ts'
import { GroupRegister } from './group-register.ts'

export interface DatabaseOptions {
  /** Folder of `sightline.sqlite`; created when missing. */
  directory: string
  /** ms for which rows of the log are kept after every partition's state has passed them. Default 24 h. */
  logRetentionMs?: number
  /** Bytes up to which the database may grow; appends fail beyond. Default 0: as far as the disk goes. */
  bytesMax?: number
  /**
   * Told of what doesn't stop anything, but must be known: a damaged row that was left out, upkeep that failed.
   * Default: a warning of the process.
   */
  onTrouble?: (error: Error) => void
}

type Done<K extends CallKind> = (error: Error | null, answer: DatabaseCalls[K]['answer'] | null) => void

/**
 * The embedded engine's database as the main thread sees it: calls that are answered by the thread which owns the
 * file (database-worker.ts). The main thread never touches the disk.
 */
export class EmbeddedDatabase {
  /** The log's identity: made when the file was. */
  identity = ''
  partitions = 0
  readonly commitFeed = new CommitFeed()
  readonly groups = new GroupRegister()
  readonly onTrouble: (error: Error) => void
  /** Resolves with the error when the database's thread ended by itself; then every call fails. */
  readonly failed: Promise<Error>
  private readonly worker: Worker
  private readonly waiting = new Map<number, Done<CallKind>>()
  private lastId = 0
  private failure: Error | null = null
  private closing: Promise<void> | null = null
  private readonly exited = Promise.withResolvers<void>()
  private readonly failing = Promise.withResolvers<Error>()

  /**
   * Opens the folder's database.
   * @throws Error when another process uses the folder (names both), or the file can't be used
   */
  static async open(options: DatabaseOptions): Promise<EmbeddedDatabase> {
    const opened = Promise.withResolvers<void>()
    const database = new EmbeddedDatabase(options, opened)
    await opened.promise
    return database
  }

  private constructor(options: DatabaseOptions, opened: PromiseWithResolvers<void>) {
    this.failed = this.failing.promise
    this.onTrouble = options.onTrouble ?? ((error) => process.emitWarning(error))
    const settings: WorkerSettings = {
      directory: options.directory,
      partitions: limits.logPartitions,
      logRetentionMs: options.logRetentionMs ?? limits.embeddedLogRetentionMs,
      deadLettersMax: limits.deadLettersMax,
      bytesMax: options.bytesMax ?? 0,
    }
    // Run from the sources or from what was built of them: the worker is the file beside this one.
    const fromSource = import.meta.url.endsWith('.ts')
    this.worker = new Worker(new URL(`./database-worker.${fromSource ? 'ts' : 'js'}`, import.meta.url), {
      workerData: settings,
      execArgv: fromSource ? ['--conditions=source'] : [],
    })
    this.worker.on('message', (message: WorkerMessage) => this.take(message, opened))
    this.worker.on('error', (error) => this.fail(error))
    this.worker.on('exit', () => {
      this.fail(new Error('the database is closed'))
      opened.reject(this.failure)
      this.exited.resolve()
    })
  }

  /**
   * Sends one call. `done` is called once, in the order in which the database has carried the calls out: all writes of
   * a transaction in their order, then reads. Buffers in `transfer` are no longer usable here.
   */
  send<K extends CallKind>(
    kind: K,
    request: DatabaseCalls[K]['request'],
    transfer: ArrayBuffer[],
    done: Done<K>,
  ): void {
    if (this.failure !== null || this.closing !== null) {
      const error = this.failure ?? new Error('the database is closed')
      queueMicrotask(() => done(error, null))
      return
    }
    const id = ++this.lastId
    this.waiting.set(id, done as Done<CallKind>)
    this.worker.postMessage({ id, kind, request }, transfer)
  }

  /** As `send`, with a promise. */
  call<K extends CallKind>(
    kind: K,
    request: DatabaseCalls[K]['request'],
  ): Promise<DatabaseCalls[K]['answer']> {
    return new Promise((resolve, reject) => {
      this.send(kind, request, [], (error, answer) => {
        if (error !== null) reject(error)
        else resolve(answer as DatabaseCalls[K]['answer'])
      })
    })
  }

  /** Carries out what was sent, closes the file and lets the folder go. */
  close(): Promise<void> {
    this.closing ??= this.shutDown()
    return this.closing
  }

  private async shutDown(): Promise<void> {
    if (this.failure === null) this.worker.postMessage('close')
    await this.exited.promise
  }

  private take(message: WorkerMessage, opened: PromiseWithResolvers<void>): void {
    switch (message.kind) {
      case 'answers':
        return this.takeAnswers(message.answers)
      case 'opened':
        this.identity = message.identity
        this.partitions = message.partitions
        return opened.resolve()
      case 'refused':
        this.failure = fromMessage(message.error)
        return
      case 'upkeep-failed':
        return this.onTrouble(fromMessage(message.error))
      case 'closed':
        if (message.error !== null) this.onTrouble(fromMessage(message.error))
    }
  }

  private takeAnswers(answers: Answer[]): void {
    for (const one of answers) {
      const done = this.waiting.get(one.id)
      if (done === undefined) throw new Error(`the database answered call ${one.id}, which nobody waits for`)
      this.waiting.delete(one.id)
      if (one.error === null) done(null, one.answer as DatabaseCalls[CallKind]['answer'])
      else done(fromMessage(one.error), null)
    }
  }

  /** The thread is gone: everything that waits for it fails, and so does what comes. */
  private fail(error: Error): void {
    this.failure ??= error
    const waiting = [...this.waiting.values()]
    this.waiting.clear()
    for (const done of waiting) done(this.failure, null)
    if (this.closing === null) this.failing.resolve(this.failure)
  }
}
