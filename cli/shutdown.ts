/**
 * Resolves at the first SIGINT, SIGTERM, or when the parent process is gone (npm's SIGTERM reaches only the shell
 * between). A second signal ends the process at once.
 */
export function untilStopped(): Promise<string> {
  const parent = process.ppid
  return new Promise((resolve) => {
    let signals = 0
    const stop = (reason: string) => {
      clearInterval(watch)
      resolve(reason)
    }
    const onSignal = (signal: string) => {
      signals += 1
      if (signals > 1) process.exit(130)
      stop(signal)
    }
    // A launcher that dies sends SIGTERM besides; that is the first signal, not a person's second.
    const watch = setInterval(() => {
      if (process.ppid !== parent) stop('parent gone')
    }, 250)
    process.on('SIGINT', onSignal)
    process.on('SIGTERM', onSignal)
  })
}

/** What was started, to be stopped in the reverse order. */
export class Running {
  private readonly parts: { name: string; close: () => Promise<void> }[] = []

  add(name: string, close: () => Promise<void>): void {
    this.parts.push({ name, close })
  }

  /** Stops everything, also when one part fails to; the first failure is thrown at the end. */
  async close(): Promise<void> {
    const failures: unknown[] = []
    for (const part of this.parts.splice(0).reverse()) {
      try {
        await part.close()
      } catch (error) {
        failures.push(new Error(`stopping ${part.name} failed`, { cause: error }))
      }
    }
    if (failures.length > 0) throw failures[0]
  }
}
