import { crc32 } from 'node:zlib'
import type { Cursor } from '@sightline/engine/store/live-store'

/**
 * A viewer's position, as text: each partition's next offset (base 36, joined by dots) and a checksum of the epochs,
 * so that the same offsets after a rollback of the store are another position. `-` = a partition without state.
 */
export function encodeCursor(cursors: readonly (Cursor | null)[]): string {
  const offsets = cursors.map((cursor) => (cursor === null ? '-' : cursor.next.toString(36)))
  return [...offsets, epochSum(cursors)].join('.')
}

/** The offsets of a cursor's text; null when it isn't one of `partitions` partitions. */
export function decodeCursor(text: string, partitions: number): { next: (number | null)[]; epochSum: string } | null {
  const parts = text.split('.')
  if (parts.length !== partitions + 1) return null
  const next: (number | null)[] = []
  for (const part of parts.slice(0, partitions)) {
    if (part === '-') next.push(null)
    else if (/^[0-9a-z]{1,11}$/.test(part)) next.push(Number.parseInt(part, 36))
    else return null
  }
  return { next, epochSum: parts[partitions] }
}

export function epochSum(cursors: readonly (Cursor | null)[]): string {
  return crc32(cursors.map((cursor) => cursor?.epoch ?? 0).join(',')).toString(36)
}
