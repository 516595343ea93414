import os from 'node:os'

/** What a figure was measured on. */
export function machine() {
  const [cpu] = os.cpus()
  return {
    cores: os.cpus().length,
    cpu: cpu?.model.trim() ?? 'unknown',
    memoryGb: Math.round(os.totalmem() / 1e9),
    system: `${os.type()} ${os.release()}`,
    node: process.version,
    date: new Date().toISOString(),
  }
}
