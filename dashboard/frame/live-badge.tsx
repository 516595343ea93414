import { useEffect, useState } from 'react'
import { type LiveStatus, liveStatus } from '../live/live-status.ts'
import { everyHalfSecond } from '../live/second-ticker.ts'
import { useLiveClient } from '../live/use-live.ts'
import { AgainIcon, AlertIcon, PauseIcon } from './icons.tsx'
import styles from './live-badge.module.css'

/** The state of the connection in a word and a shape; changes of state are also spoken. */
export function LiveBadge() {
  const status = useLiveStatus()
  return (
    <>
      <span className={`${styles.badge} ${styles[status.kind]}`} data-status={status.kind}>
        <Shape kind={status.kind} />
        {status.text}
      </span>
      <span role="status" className="unseen">
        {spoken[status.kind]}
      </span>
    </>
  )
}

const spoken: Record<LiveStatus['kind'], string> = {
  connecting: 'Connecting',
  live: 'Live',
  paused: 'Paused',
  reconnecting: 'Connection lost, reconnecting',
  stale: 'No news from the server',
  unauthorized: 'Signed out',
}

function Shape({ kind }: { kind: LiveStatus['kind'] }) {
  switch (kind) {
    case 'live':
      return <span className={styles.dot} />
    case 'paused':
      return <PauseIcon />
    case 'stale':
    case 'unauthorized':
      return <AlertIcon />
    default:
      return <AgainIcon />
  }
}

/** The status now; renders again only when its words change. */
export function useLiveStatus(): LiveStatus {
  const { store } = useLiveClient()
  const [status, setStatus] = useState<LiveStatus>(() => liveStatus(store.read(), Date.now()))
  useEffect(() => {
    const update = () => {
      const next = liveStatus(store.read(), Date.now())
      setStatus((last) => (last.kind === next.kind && last.text === next.text ? last : next))
    }
    const stopTicking = everyHalfSecond(update)
    const stopListening = store.subscribe(update)
    return () => {
      stopTicking()
      stopListening()
    }
  }, [store])
  return status
}
