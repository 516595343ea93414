import { Button } from '../../../frame/controls.tsx'
import { AlertIcon, CloseIcon } from '../../../frame/icons.tsx'
import { useLive, useLiveClient } from '../../../live/use-live.ts'
import { gapText } from './gap-text.ts'
import styles from './notices.module.css'

/** Gaps in what this page was shown, until they are put away. */
export function Notices() {
  const gaps = useLive((state) => state.gaps)
  const { store } = useLiveClient()
  return (
    <div role="status" className={styles.notices}>
      {gaps.map((gap) => (
        <div key={gap.id} className={styles.notice}>
          <AlertIcon />
          <span>{gapText(gap, gap.atMs)}</span>
          <Button look="quiet" label="Dismiss" onClick={() => store.dismissGap(gap.id)}>
            <CloseIcon />
          </Button>
        </div>
      ))}
    </div>
  )
}
