import { describe, expect, it } from 'vitest'
import { limits } from './limits.ts'

/** Relations between limits: change one alone and something else stops holding. */
describe('limits', () => {
  it('each is a whole number above zero', () => {
    for (const [name, value] of Object.entries(limits)) {
      expect(Number.isSafeInteger(value) && value > 0, name).toBe(true)
    }
  })

  it('[B14] the largest position is one less than a power of two, as the decoder’s mask needs it', () => {
    expect(Math.log2(limits.positionPxMax + 1) % 1).toBe(0)
  })

  it('[B5] [B14] [B15] a delta across the page or the span fits three bytes', () => {
    const threeBytes = 2 ** 21
    expect(2 * limits.positionPxMax).toBeLessThan(threeBytes)
    expect(limits.batchSpanMsMax).toBeLessThan(threeBytes)
  })

  it('[B12] running sums of a column can’t overflow 32 bits', () => {
    expect(limits.batchEventsMax * (2 ** 21 - 1)).toBeLessThan(2 ** 31)
  })

  it('[B4] the largest batch’s length fits three bytes', () => {
    expect(limits.batchBytesMax).toBeLessThan(2 ** 21)
  })

  it('[B1] a batch has room for as many moves as it may hold, at nine bytes each, and its strings', () => {
    const header = 120 + limits.pageBytesMax + limits.refBytesMax
    expect(9 * limits.batchEventsMax + header).toBeLessThan(limits.batchBytesMax)
  })

  it('[B1] a batch has room for any one click or mark', () => {
    expect(
      limits.pageBytesMax + limits.refBytesMax + limits.markValueBytesMax + limits.targetBytesMax + 250,
    ).toBeLessThan(limits.batchBytesMax)
  })

  it('[B17] [E8] a mark’s value holds any page, since it names the page that was left', () => {
    expect(limits.markValueBytesMax).toBe(limits.pageBytesMax)
  })

  it('[B21] the encoder’s scratch for strings holds each of them', () => {
    expect(Math.max(limits.markValueBytesMax, limits.targetBytesMax, limits.refBytesMax)).toBeLessThanOrEqual(
      limits.pageBytesMax,
    )
  })

  it('[B18] clicks and marks are a part of the events', () => {
    expect(limits.batchClicksAndMarksMax).toBeLessThan(limits.batchEventsMax)
  })

  it('[B8] events of a lane are counted exactly in 32 bits', () => {
    expect(limits.sequenceMax).toBeLessThan(2 ** 31)
  })

  it('[D8] [D20] a batch still in the ring is inside the duplicate window: the ring is at most half of it', () => {
    expect(2 * limits.ringBatchesMax).toBeLessThanOrEqual(limits.laneWindowBatches)
  })

  it('[D8] the ring holds several batches of any size, and as many small ones as it may', () => {
    expect(limits.ringBytesMax).toBeGreaterThanOrEqual(8 * limits.batchBytesMax)
    expect(limits.ringBatchesMax * limits.batchBytesMin).toBeLessThanOrEqual(limits.ringBytesMax)
  })

  it('[D5] an acknowledgement comes long before the ring is full', () => {
    expect(4 * limits.ackFramesMax).toBeLessThanOrEqual(limits.ringBatchesMax)
    expect(4 * (limits.ackIntervalMs / limits.flushWatchedMsMin)).toBeLessThanOrEqual(limits.ringBatchesMax)
  })

  it('[D12] watched sites flush faster than unwatched ones', () => {
    expect(limits.flushWatchedMsMin).toBeLessThan(limits.flushUnwatchedMs)
    expect(limits.flushUnwatchedMs).toBeLessThan(limits.batchSpanMsMax)
  })

  it('[D15] a beacon holds several batches of any size', () => {
    expect(limits.beaconBytesMax).toBeGreaterThanOrEqual(3 * (limits.batchBytesMax + 3))
  })

  it('[D15] browsers send no larger beacon', () => {
    expect(limits.beaconBytesMax).toBeLessThanOrEqual(65_536)
  })

  it('[D19] [D20] a stored copy is thrown away at half the horizon', () => {
    expect(2 * limits.storedCopyAgeMsMax).toBeLessThanOrEqual(limits.laneHorizonMs)
    expect(limits.storedCopyAgeMsMax).toBeLessThan(limits.laneHorizonMs - limits.lateEventMsMax)
  })

  it('[E15] the longest batch is not clamped when it arrives at once', () => {
    expect(limits.batchSpanMsMax).toBeLessThan(limits.lateEventMsMax)
  })

  it('[D8] [D9] a whole resend is within the rate of a connection', () => {
    expect(limits.connectionFramesBurstMax).toBeGreaterThanOrEqual(limits.ringBatchesMax)
    expect(limits.unsettledFramesPerConnectionMax).toBeGreaterThanOrEqual(limits.ringBatchesMax)
  })

  it('what is pending before the log has room for a ring of every size', () => {
    expect(limits.pendingBytesMax).toBeGreaterThanOrEqual(limits.ringBytesMax)
    expect(limits.pendingRecordsMax).toBeGreaterThan(limits.ringBatchesMax)
  })
})
