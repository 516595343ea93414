import { useSlice } from '../../live/use-live.ts'
import type { Site } from '../../sites/site.ts'
import { ActiveSessions } from './active-sessions/active-sessions.tsx'
import { EmptyState } from './empty-state/snippet.tsx'
import { EventsPerSecond } from './events-per-second/events-per-second.tsx'
import styles from './live-page.module.css'
import { LiveSessions } from './live-sessions/live-sessions.tsx'
import { MouseMovement } from './mouse-movement/mouse-movement.tsx'
import { NavigationFlow } from './navigation-flow/navigation-flow.tsx'
import { Notices } from './notices/notices.tsx'
import { LiveNumbers } from './numbers/numbers.tsx'
import { PipelineLag } from './pipeline-lag/pipeline-lag.tsx'
import { TopButtons } from './top-buttons/top-buttons.tsx'

/** Everything about a site as it happens. */
export function LivePage({ site }: { site: Site }) {
  const numbers = useSlice('numbers')
  if (numbers !== undefined && numbers.countedEvents === 0) return <EmptyState siteName={site.name} />
  return (
    <div className={styles.page}>
      <Notices />
      <LiveNumbers />
      <div className={styles.grid}>
        <div className={styles.wide}>
          <MouseMovement site={site.id} />
        </div>
        <div className={styles.narrow}>
          <TopButtons />
        </div>
        <div className={styles.third}>
          <EventsPerSecond />
        </div>
        <div className={styles.third}>
          <PipelineLag />
        </div>
        <div className={`${styles.third} ${styles.last}`}>
          <ActiveSessions />
        </div>
        <div className={styles.flow}>
          <NavigationFlow />
        </div>
        <div className={styles.sessions}>
          <LiveSessions />
        </div>
      </div>
    </div>
  )
}
