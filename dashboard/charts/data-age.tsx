import { useEffect, useRef } from 'react'
import { limits } from '@sightline/protocol/limits'
import { formatAge } from '../format/times.ts'
import { dataAgeMs } from '../live/live-status.ts'
import { everyHalfSecond } from '../live/second-ticker.ts'
import { useLiveClient } from '../live/use-live.ts'
import type { SliceName } from '../worker/worker-messages.ts'
import styles from './card.module.css'

/**
 * How late what a widget shows is. Written into the page twice a second without React: eight of them
 * move for ever.
 */
export function DataAge({ slice }: { slice: SliceName }) {
  const { store } = useLiveClient()
  const element = useRef<HTMLSpanElement>(null)
  useEffect(
    () =>
      everyHalfSecond((nowMs) => {
        if (element.current === null) return
        const age = dataAgeMs(store.read().asOf[slice], nowMs)
        const text = age === null ? 'no data yet' : `${formatAge(age)} old`
        if (element.current.textContent !== text) element.current.textContent = text
        element.current.dataset.old = String(age !== null && age > limits.dashboardStaleMs)
      }),
    [store, slice],
  )
  return (
    <span
      ref={element}
      className={styles.age}
      title="Time since the server’s last frame for this widget, and how far that was behind the events"
      data-age={slice}
    />
  )
}
