import { limits } from '@sightline/protocol/limits'
import { aggregates } from './all-aggregates.ts'
import { ByteWriter } from './binary.ts'
import { DeltaTableWriter, encodeHeader } from './delta.ts'
import type { FoldInput } from './fold-input.ts'
import { ledger, type LedgerDraft } from './ledger.ts'
import { PointsDraft, pointsSection } from './points.ts'

/**
 * What the records since the last commit change, in all aggregates. One per partition, reused from commit to commit.
 *
 *   processor, per record:   memory.observe(input, fate, draft.ledger); if 'new' and to be counted: draft.fold(input)
 *   processor, per commit:   delta = draft.encode(memory.watermark.ms); draft.clear(); state.apply(delta, first, next)
 */
export class PartitionDraft {
  readonly #tables = new DeltaTableWriter()
  // Every draft goes with the aggregate at the same place of the list.
  readonly #drafts: unknown[] = aggregates.map((aggregate) => aggregate.createDraft())
  readonly #points = new PointsDraft()
  readonly #sections = new ByteWriter(16_384)
  readonly #section = new ByteWriter(16_384)
  #batches = 0
  #events = 0
  #newestRecordMs = 0
  #oldestRecordMs = 0

  /** For PartitionMemory.observe, and for outcomes without it (a record that could not be decoded). */
  readonly ledger: LedgerDraft = this.#drafts[aggregates.indexOf(ledger)] as LedgerDraft

  /** Events folded since the last clear. */
  get events(): number {
    return this.#events
  }

  /** Nothing to commit but, perhaps, a moved watermark. */
  get isEmpty(): boolean {
    return aggregates.every((aggregate, i) => aggregate.isEmpty(this.#drafts[i]))
  }

  /** Commit before the next record: the draft's bounds are near (SPEC.md, rule F7). */
  get isFull(): boolean {
    return this.#events >= limits.draftEventsMax || this.#tables.isFull
  }

  /** Adds one batch that memory.observe found new. Throws RangeError when `isFull` was ignored for long. */
  fold(input: FoldInput): void {
    input.tables = this.#tables
    input.pageIndex = this.#tables.page(input.page)
    input.split()
    for (let i = 0; i < input.segmentCount; i++) {
      const segment = input.segments[i]
      segment.group = this.#tables.group(segment.minuteMs, input.pageIndex, input.layout)
    }
    for (let i = 0; i < aggregates.length; i++) aggregates[i].fold(this.#drafts[i], input)
    this.#points.fold(input)

    this.#batches++
    this.#events += input.batch.n
    this.#newestRecordMs = Math.max(this.#newestRecordMs, input.recordMs)
    this.#oldestRecordMs =
      this.#oldestRecordMs === 0 ? input.recordMs : Math.min(this.#oldestRecordMs, input.recordMs)
  }

  /** The delta, as bytes of its own. */
  encode(watermarkMs: number): Uint8Array {
    const sections = this.#sections
    sections.reset()
    for (let i = 0; i < aggregates.length; i++) {
      const aggregate = aggregates[i]
      if (aggregate.isEmpty(this.#drafts[i])) continue
      this.#section.reset()
      aggregate.encodeDelta(this.#drafts[i], this.#section)
      sections.varint(aggregate.section)
      sections.bytes(this.#section.view())
    }
    if (!this.#points.isEmpty) {
      this.#section.reset()
      this.#points.encode(this.#section)
      sections.varint(pointsSection)
      sections.bytes(this.#section.view())
    }
    const out = new ByteWriter(sections.length + 4_096)
    encodeHeader(
      {
        watermarkMs,
        newestRecordMs: this.#newestRecordMs,
        oldestRecordMs: this.#oldestRecordMs,
        batches: this.#batches,
        events: this.#events,
      },
      out,
    )
    this.#tables.encode(out)
    out.raw(sections.view())
    return out.view()
  }

  /** Ready for the next commit. */
  clear(): void {
    for (let i = 0; i < aggregates.length; i++) aggregates[i].clear(this.#drafts[i])
    this.#points.clear()
    this.#tables.clear()
    this.#batches = 0
    this.#events = 0
    this.#newestRecordMs = 0
    this.#oldestRecordMs = 0
  }
}
