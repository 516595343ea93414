/** A latency: value and unit apart, for large type. */
export function splitMs(ms: number): { value: string; unit: string } {
  if (ms < 10) return { value: ms.toFixed(1), unit: 'ms' }
  if (ms < 1_000) return { value: String(Math.round(ms)), unit: 'ms' }
  if (ms < 100_000) return { value: (ms / 1_000).toFixed(ms < 10_000 ? 2 : 1), unit: 's' }
  return { value: String(Math.round(ms / 60_000)), unit: 'min' }
}

export function formatMs(ms: number): string {
  const { value, unit } = splitMs(ms)
  return `${value} ${unit}`
}

/** How old something is: 40 ms, 1.2 s, 12 s, 3 min, 2 h, 5 d. */
export function formatAge(ms: number): string {
  if (ms < 995) return `${Math.round(ms / 10) * 10} ms`
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`
  if (ms < 60_000) return `${Math.floor(ms / 1_000)} s`
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min`
  if (ms < 86_400_000) return `${Math.floor(ms / 3_600_000)} h`
  return `${Math.floor(ms / 86_400_000)} d`
}

/** A length of time: 0:07, 12:40, 1:02:03. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  const pad = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3_600)
  const minutes = Math.floor(seconds / 60) % 60
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`
}

/** 14:05:09 in the browser's time zone. @param second since the epoch */
export function formatClock(second: number): string {
  const date = new Date(second * 1000)
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
}
