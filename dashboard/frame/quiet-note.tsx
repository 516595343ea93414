import { useEffect, useState } from 'react'
import { formatAge } from '../format/times.ts'
import { quietMs } from '../live/live-status.ts'
import { useLiveClient } from '../live/use-live.ts'
import { limits } from '@sightline/protocol/limits'
import styles from './live-badge.module.css'

/** Shorter silences are part of a small site's day. */
const quietShownMs = 60_000

/** Says once, beside the badge, that nothing is late: nobody did anything. */
export function QuietNote() {
  const { store } = useLiveClient()
  const [text, setText] = useState('')
  useEffect(() => {
    const update = () => {
      const { slices, newest, connection } = store.read()
      setText(connection.status === 'open' ? quietText(quietMs(slices.series, newest)) : '')
    }
    update()
    return store.subscribe(update)
  }, [store])
  return text === '' ? null : <span className={styles.quiet}>{text}</span>
}

function quietText(ms: number | null): string {
  if (ms === null || ms < quietShownMs) return ''
  return ms >= limits.ringSeconds * 1_000
    ? `no events for over ${formatAge(limits.ringSeconds * 1_000)}`
    : `no events for ${formatAge(ms)}`
}
