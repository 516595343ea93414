/** A server program that runs in a process of its own and dies with the process that started it. */
export interface ServerProcess {
  /** The loopback port on which it answers. */
  readonly port: number
  readonly pid: number
  /** Resolves once the process has ended, however that came about. */
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** Asks it to end (SIGTERM), then forces it (SIGKILL) after 30 s. Resolves when it has ended. */
  stop(): Promise<void>
  /**
   * Sends a signal. With SIGKILL the promise resolves when the process has ended; with any other
   * (SIGSTOP, SIGCONT, SIGTERM) as soon as the signal is sent.
   */
  kill(signal: NodeJS.Signals): Promise<void>
}

/** Starts a program and waits until it answers. */
export function startServer(options: {
  /** What people call it; used in errors. */
  name: string
  command: string
  args: string[]
  /** Working directory; also holds the log file. */
  dir: string
  /** File to which its output is appended. */
  logFile: string
  port: number
  /** True once the server answers as itself; called again every 50 ms until then. */
  answers: (port: number) => Promise<boolean>
  /** How long it may take to answer. Default 60,000. */
  readyMsMax?: number
}): Promise<ServerProcess>

/**
 * Sends bytes to a loopback port and gives the first bytes of the reply, or null when there was no
 * connection or no reply within the time.
 */
export function askPort(
  port: number,
  request: Uint8Array | string,
  replyMsMax?: number,
): Promise<Buffer | null>
