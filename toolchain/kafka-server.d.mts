import type { ServerProcess } from './server-process.d.mts'

/** A running single-node Kafka. */
export interface KafkaServer extends ServerProcess {
  /** `host:port`, as clients want it. */
  readonly brokers: string
}

/**
 * Starts a real Apache Kafka (KRaft, one node that is broker and controller) on loopback and waits
 * until it answers a request. Topics are not created by themselves. Started again on the same folder,
 * after SIGKILL too, it continues from the same data. Needs the jars: see `fetchKafkaJars`.
 * Rejects with the end of its log when it does not come up.
 */
export function startKafka(options: {
  /** Folder for the data, the settings and the log; made when missing. */
  dir: string
  /** Default 0: any free port. A restart should name the port it had. */
  port?: number
  /** Starts in half the time with a small heap and only the first compiler tier: for tests. */
  fast?: boolean
  /** Further broker settings, e.g. `{ 'log.retention.bytes': 1000000 }`; they win over the defaults. */
  settings?: Record<string, string | number>
}): Promise<KafkaServer>
