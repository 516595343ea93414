import type { Numbers } from '@sightline/protocol/live-frames'
import { formatCount, formatPercent, formatRate, formatWhole } from '../../../format/numbers.ts'
import { splitMs } from '../../../format/times.ts'
import type { SeriesColumns } from '../../../worker/series-history.ts'

export interface NumberCell {
  title: string
  /** What exactly the number is; also the tooltip. */
  meaning: string
  value: string
  unit: string
  /** A quiet second line. */
  note: string
  color: string
  history: readonly (number | null)[]
}

/** The six numbers of the strip, ready to show; a number that is not known is a dash, never a 0. */
export function numberCells(numbers: Numbers | undefined, series: SeriesColumns | undefined): NumberCell[] {
  return [
    {
      title: 'Active sessions',
      meaning: 'Sessions with an event in the last five minutes',
      value: numbers === undefined ? '–' : formatCount(numbers.activeSessions),
      unit: '',
      note: 'last 5 min',
      color: 'teal',
      history: series?.activeSessions ?? [],
    },
    {
      title: 'Events',
      meaning: 'Events per second, mean of the last five whole seconds',
      value: numbers === undefined ? '–' : formatRate(numbers.eventsPerSecond),
      unit: '/s',
      note: numbers === undefined ? '' : `${formatCount(numbers.countedEvents)} in all`,
      color: 'sky',
      history: series?.events ?? [],
    },
    {
      title: 'Clicks',
      meaning: 'Clicks per second, mean of the last five whole seconds',
      value: numbers === undefined ? '–' : formatRate(numbers.clicksPerSecond),
      unit: '/s',
      note: numbers === undefined ? '' : clickShare(numbers),
      color: 'amber',
      history: series?.clicks ?? [],
    },
    lagCell(
      'Lag p50',
      'Half of the events reach the live server within this time after the hand moved',
      numbers?.lagP50Ms,
      series?.lagP50Ms,
      'violet',
    ),
    lagCell(
      'Lag p99',
      '99 of 100 events reach the live server within this time after the hand moved',
      numbers?.lagP99Ms,
      series?.lagP99Ms,
      'rose',
    ),
    lostCell(numbers, series),
  ]
}

function clickShare(numbers: Numbers): string {
  if (numbers.eventsPerSecond === 0) return 'no events'
  return `${formatPercent(Math.min(1, numbers.clicksPerSecond / numbers.eventsPerSecond))} % of events`
}

function lagCell(
  title: string,
  meaning: string,
  ms: number | null | undefined,
  history: readonly (number | null)[] | undefined,
  color: string,
): NumberCell {
  const known = ms !== null && ms !== undefined
  return {
    title,
    meaning,
    ...(known ? splitMs(ms) : { value: '–', unit: '' }),
    note: 'hand to here',
    color,
    history: history ?? [],
  }
}

function lostCell(numbers: Numbers | undefined, series: SeriesColumns | undefined): NumberCell {
  const cell = {
    title: 'Lost',
    meaning: 'Events sealed in browsers that never arrived, since the site exists',
    color: 'teal',
    history: series?.lostShare ?? [],
  }
  if (numbers === undefined) return { ...cell, value: '–', unit: '', note: '' }
  const share = numbers.sealedEvents === 0 ? 0 : numbers.lostEvents / numbers.sealedEvents
  return {
    ...cell,
    value: formatPercent(share),
    unit: '%',
    color: numbers.lostEvents === 0 ? 'ok' : 'bad',
    note:
      numbers.lostEvents === 0
        ? `none of ${formatCount(numbers.sealedEvents)}`
        : `${formatWhole(numbers.lostEvents)} of ${formatCount(numbers.sealedEvents)}`,
  }
}
