/** Resolutions and the names of time buckets (SPEC.md, rules T…). */
export type ResolutionName = 'minute' | 'hour' | 'day'

export interface Resolution {
  readonly name: ResolutionName
  /** Length of a bucket, ms; for days only the usual one. */
  readonly spanMs: number
  /** How long a bucket is kept after its end, ms. */
  readonly lifeMs: number
}

export const minuteMs = 60_000
export const hourMs = 3_600_000
export const dayMs = 86_400_000

export const minutes: Resolution = { name: 'minute', spanMs: minuteMs, lifeMs: 2 * hourMs }
export const hours: Resolution = { name: 'hour', spanMs: hourMs, lifeMs: 8 * dayMs }
export const days: Resolution = { name: 'day', spanMs: dayMs, lifeMs: 90 * dayMs }
/** Grids are large: their hours go after two days. */
export const gridHours: Resolution = { name: 'hour', spanMs: hourMs, lifeMs: 2 * dayMs }

export type TimeZone = 'UTC'

/**
 * First ms of the day that contains `timeMs`. The only place that knows where days begin, so that a site's own time
 * zone can be put in here.
 */
export function dayStart(timeMs: number, _timeZone: TimeZone = 'UTC'): number {
  return timeMs - (timeMs % dayMs)
}

/** First ms of the bucket that contains `timeMs`. */
export function bucketStart(resolution: ResolutionName, timeMs: number): number {
  if (resolution === 'day') return dayStart(timeMs)
  return timeMs - (timeMs % (resolution === 'minute' ? minuteMs : hourMs))
}

/** First ms behind the bucket that begins at `startMs`. */
export function bucketEnd(resolution: ResolutionName, startMs: number): number {
  // 36 hours after a day's start is always within the next day, whatever the time zone does.
  if (resolution === 'day') return dayStart(startMs + 36 * hourMs)
  return startMs + (resolution === 'minute' ? minuteMs : hourMs)
}

export interface BucketName {
  /** The aggregate, or another owner of blobs. */
  owner: string
  /** null = not a time bucket. */
  resolution: ResolutionName | null
  startMs: number
}

/** `<aggregate>:<resolution>:<start ms>`. */
export function timeBucketName(owner: string, resolution: ResolutionName, startMs: number): string {
  return `${owner}:${resolution}:${startMs}`
}

/** null for a name that has another shape. */
export function parseBucketName(name: string): BucketName | null {
  const parts = name.split(':')
  if (parts.length === 1) return { owner: name, resolution: null, startMs: 0 }
  const [owner, resolution, start] = parts
  if (parts.length !== 3 || !/^\d{1,16}$/.test(start)) return null
  if (resolution !== 'minute' && resolution !== 'hour' && resolution !== 'day') return null
  return { owner, resolution, startMs: Number(start) }
}
