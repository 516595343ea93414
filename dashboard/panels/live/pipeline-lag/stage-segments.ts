import type { StageState } from '@sightline/protocol/live-frames'

export interface StageSegment {
  name: string
  /** What happens there, for the tooltip. */
  meaning: string
  p50Ms: number | null
  p99Ms: number | null
  queue: number | null
  color: string
  /** Part of the bar, 0 to 1; 0 when unknown. */
  share: number
}

/** In the order of the journey. */
const journey: readonly { stage: StageState['stage']; color: string; meaning: string }[] = [
  {
    stage: 'hand',
    color: 'sky',
    meaning: 'From the hand to the gateway: waiting in the tracker for its next flush, and the network',
  },
  { stage: 'gateway', color: 'teal', meaning: 'Checked and handed to the log' },
  { stage: 'log', color: 'violet', meaning: 'Made durable, and fetched by the processor' },
  { stage: 'processor', color: 'amber', meaning: 'Counted' },
  { stage: 'store', color: 'rose', meaning: 'Committed, and read by the live server' },
  { stage: 'live', color: 'slate', meaning: 'Waiting for the next frame to this page' },
]

/**
 * The stages with their share of the sum of medians. The last one, `screen`, is measured by this page: from a frame's
 * arrival to its picture.
 */
export function stageSegments(stages: readonly StageState[], screenMs: number | null): StageSegment[] {
  const segments: Omit<StageSegment, 'share'>[] = journey.map(({ stage, color, meaning }) => {
    const state = stages.find((candidate) => candidate.stage === stage)
    return {
      name: stage,
      meaning,
      color,
      p50Ms: state?.p50Ms ?? null,
      p99Ms: state?.p99Ms ?? null,
      queue: state?.queue ?? null,
    }
  })
  segments.push({
    name: 'screen',
    meaning: 'From arrival to the picture',
    color: 'muted',
    p50Ms: screenMs,
    p99Ms: null,
    queue: null,
  })
  const sum = segments.reduce((total, { p50Ms }) => total + (p50Ms ?? 0), 0)
  return segments.map((segment) => ({ ...segment, share: sum === 0 ? 0 : (segment.p50Ms ?? 0) / sum }))
}
