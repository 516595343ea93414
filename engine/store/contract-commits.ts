import type { Blob, ClaimOutcome, Commit, LiveStore, StoredCommit } from './live-store.ts'

/** Tools of the live store's contract suite: claims that must succeed, commits and blobs with little text. */

/** Identity of the event log in all tests. */
export const logIdentity = 'log-1'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** UTF-8 bytes of a text. */
export function bytesOf(text: string): Uint8Array {
  return encoder.encode(text)
}

/** The text of UTF-8 bytes. */
export function textOf(bytes: Uint8Array | null): string {
  return decoder.decode(bytes ?? new Uint8Array(0))
}

/** Claims a partition, created at `initialNext` when it has no state; fails the test when the claim is refused. */
export async function claimed(
  store: LiveStore,
  partition: number,
  owner = 'owner-a',
  initialNext = 0,
): Promise<ClaimOk> {
  const claim = await store.claim(partition, owner, logIdentity, initialNext)
  if (claim.outcome !== 'ok') throw new Error(`claim refused: ${claim.outcome}`)
  return claim
}
export type ClaimOk = Extract<ClaimOutcome, { outcome: 'ok' }>

/** A commit from `first` to `next` whose bytes say which it is. */
export function commitOf(first: number, next: number, floor = 0, text = `${first}-${next}`): Commit {
  return {
    first,
    next,
    publicDelta: bytesOf(`public ${text}`),
    privatePart: bytesOf(`private ${text}`),
    floor,
  }
}

/** A blob without expiry. */
export function blobOf(bucket: string, field: string, upto: number, text: string | null): Blob {
  return { bucket, field, upto, bytes: text === null ? null : bytesOf(text), expireAtMs: null }
}

/** Entries as plain text, for comparison. */
export function plainCommits(commits: StoredCommit[]): string[] {
  return commits.map((one) => {
    if (one.first === one.next) return `claim at ${one.next}`
    return `${one.first}-${one.next}: ${textOf(one.publicDelta)}, ${textOf(one.privatePart)}`
  })
}

/** What plainCommits gives for commitOf. */
export function plainCommit(first: number, next: number): string {
  return `${first}-${next}: public ${first}-${next}, private ${first}-${next}`
}

/** Blobs as plain text in the order of their names, for comparison. */
export function plainBlobs(blobs: Blob[]): string[] {
  return blobs.map((one) => `${one.bucket} ${one.field} @${one.upto} ${textOf(one.bytes)}`).sort()
}

/** Resolves after `ms` milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Resolves as soon as `reached()` is true; rejects, naming `what`, after `limitMs`. */
export async function until(
  what: string,
  reached: () => boolean | Promise<boolean>,
  limitMs = 10_000,
): Promise<void> {
  const deadline = performance.now() + limitMs
  while (!(await reached())) {
    if (performance.now() > deadline) throw new Error(`after ${limitMs} ms still not: ${what}`)
    await pause(5)
  }
}
