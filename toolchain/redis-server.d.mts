import type { ServerProcess } from './server-process.d.mts'

/**
 * Starts a real redis-server on loopback and waits until it answers PING, its append-only file read.
 * Append-only file fsynced every second, no snapshots, noeviction. Started again on the same folder
 * it continues from the same data. Rejects with the end of its log when it does not come up.
 */
export function startRedis(options: {
  /** Folder for the data and the log; made when missing. */
  dir: string
  /** Default 0: any free port. */
  port?: number
  /** Further settings, e.g. `{ maxmemory: '64mb' }`; they win over those above. */
  settings?: Record<string, string | number>
}): Promise<ServerProcess>
