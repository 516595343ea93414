import { useEffect, useRef } from 'react'

export interface ShortcutActions {
  pause: () => void
  theme: () => void
  shortcuts: () => void
}

export const shortcutKeys: readonly {
  key: string
  shown: string
  text: string
  action: keyof ShortcutActions
}[] = [
  { key: ' ', shown: 'Space', text: 'Pause and go on', action: 'pause' },
  { key: 't', shown: 't', text: 'Dark or light', action: 'theme' },
  { key: '?', shown: '?', text: 'These shortcuts', action: 'shortcuts' },
]

const storageKey = 'sightline.shortcuts'

/** Whether shortcuts are on; people who use voice control or a screen reader may want them off. */
export function shortcutsOn(): boolean {
  try {
    return localStorage.getItem(storageKey) !== 'off'
  } catch {
    return true
  }
}

export function switchShortcuts(on: boolean): void {
  try {
    localStorage.setItem(storageKey, on ? 'on' : 'off')
  } catch {
    // Storage can be switched off; shortcuts then stay as they are.
  }
}

/** Listens to the shortcuts; keys that belong to a control or come with a modifier are left alone. */
export function useShortcuts(actions: ShortcutActions): void {
  const latest = useRef(actions)
  latest.current = actions
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return
      const shortcut = shortcutKeys.find(({ key }) => key === event.key)
      if (shortcut === undefined || !shortcutsOn() || belongsToControl(event)) return
      event.preventDefault()
      latest.current[shortcut.action]()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
}

/** Space presses buttons and scrolls lists; letters choose in lists and go into fields. */
function belongsToControl(event: KeyboardEvent): boolean {
  const element = event.target instanceof Element ? event.target : null
  if (element === null) return false
  if (element.closest('dialog[open]') !== null) return true
  if (element.closest('input:not([type="range"]), select, textarea, [contenteditable]') !== null) return true
  return event.key === ' ' && element.closest('button, a, summary, [role="region"]') !== null
}
