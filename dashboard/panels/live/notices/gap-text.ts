import { formatWhole } from '../../../format/numbers.ts'
import { formatClock } from '../../../format/times.ts'
import type { Gap } from '../../../worker/frame-chain.ts'

const reasons: Record<Gap['reason'], string> = {
  'too-old': 'this page was away for longer than the server keeps points',
  'rolled-back': 'the store went back and was filled again from the log',
  'broken-chain': 'a frame did not continue the one before',
}

/** What a gap means for the person who looks: the points are missing, the counts are not. */
export function gapText(gap: Gap, atMs: number): string {
  const size = gap.records > 0 ? `Gap of ${formatWhole(gap.records)} records` : 'Gap of unknown size'
  return `${size} at ${formatClock(atMs / 1000)}: ${reasons[gap.reason]}. Their points are not in the picture; all counts are complete.`
}
