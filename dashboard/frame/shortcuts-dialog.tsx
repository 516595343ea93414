import { useState } from 'react'
import { Dialog } from './dialog.tsx'
import styles from './dialog.module.css'
import { shortcutKeys, shortcutsOn, switchShortcuts } from './shortcuts.ts'

export function ShortcutsDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [on, setOn] = useState(shortcutsOn)
  const change = (next: boolean) => {
    switchShortcuts(next)
    setOn(next)
  }
  return (
    <Dialog title="Keyboard shortcuts" open={open} onClose={onClose}>
      <dl className={styles.keys}>
        {shortcutKeys.map(({ shown, text }) => (
          <div key={shown}>
            <dt>{text}</dt>
            <dd>
              <kbd>{shown}</kbd>
            </dd>
          </div>
        ))}
        <div>
          <dt>Move along a chart that has the focus</dt>
          <dd>
            <kbd>←</kbd> <kbd>→</kbd>
          </dd>
        </div>
      </dl>
      <label className={styles.switch}>
        <input type="checkbox" checked={on} onChange={(event) => change(event.target.checked)} />
        Shortcuts are on
      </label>
    </Dialog>
  )
}
