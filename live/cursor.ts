import type { Cursor } from '@sightline/engine/store/live-store'

/**
 * A viewer's position, as text: each partition's next offset, base 36, joined by dots; `-` = no state yet. Epochs don't
 * matter to viewers: whoever owns a partition folds the same records to the same state.
 */
export function encodeCursor(cursors: readonly (Cursor | null)[]): string {
  return cursors.map((cursor) => (cursor === null ? '-' : cursor.next.toString(36))).join('.')
}

/** The offsets of a cursor's text; null when it isn't one of `partitions` partitions. */
export function decodeCursor(text: string, partitions: number): (number | null)[] | null {
  const parts = text.split('.')
  if (parts.length !== partitions) return null
  const offsets: (number | null)[] = []
  for (const part of parts) {
    if (part === '-') offsets.push(null)
    else if (/^[0-9a-z]{1,11}$/.test(part)) offsets.push(Number.parseInt(part, 36))
    else return null
  }
  return offsets
}
