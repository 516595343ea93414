import { readFile } from 'node:fs/promises'

/** USER_HZ of Linux on every common platform. */
const ticksPerSecond = 100
const pageBytes = 4_096

/** CPU seconds (user and system, all threads) and resident memory of a process, from the operating system. */
export async function processUsage(pid: number): Promise<{ cpuSeconds: number; rssMb: number }> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // The name in parentheses may hold spaces; everything behind it is plain.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  return { cpuSeconds: ticks / ticksPerSecond, rssMb: Math.round((Number(fields[21]) * pageBytes) / 1e6) }
}

/** Usage of several named processes at one moment. */
export async function usageOf(
  pids: Record<string, number>,
): Promise<Record<string, { cpuSeconds: number; rssMb: number }>> {
  const entries = await Promise.all(
    Object.entries(pids).map(async ([name, pid]) => [name, await processUsage(pid)] as const),
  )
  return Object.fromEntries(entries)
}
