import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/**
 * Keeps a data folder to one process. The lock is one of the operating system, held through an exclusive transaction
 * on an empty file of its own (`sightline.lock`), so it ends with the process however that ends, and the database
 * itself can still be read with `sqlite3` at any time. The process id in `sightline.pid` is for messages only.
 */
export class FolderLock {
  private readonly holder: DatabaseSync
  private readonly pidFile: string

  /** @throws Error naming folder and process when another one holds it */
  constructor(directory: string) {
    this.pidFile = join(directory, 'sightline.pid')
    this.holder = new DatabaseSync(join(directory, 'sightline.lock'), { timeout: 0 })
    try {
      // The file is never written; a journal would only lie about.
      this.holder.exec('PRAGMA journal_mode = MEMORY')
      this.holder.exec('BEGIN EXCLUSIVE')
    } catch (error) {
      this.holder.close()
      if ((error as { errcode?: number }).errcode !== sqliteBusy) throw error
      throw new Error(`the data folder ${directory} is in use by process ${this.holderPid()}`)
    }
    writeFileSync(this.pidFile, `${process.pid}\n`)
  }

  release(): void {
    rmSync(this.pidFile, { force: true })
    this.holder.close()
  }

  private holderPid(): string {
    try {
      return readFileSync(this.pidFile, 'utf8').trim()
    } catch {
      // The holder has the lock, but hasn't written its id yet.
      return '(unknown)'
    }
  }
}

const sqliteBusy = 5
