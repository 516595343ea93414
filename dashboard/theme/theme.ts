import { useSyncExternalStore } from 'react'

export type Theme = 'dark' | 'light'

const storageKey = 'sightline.theme'
const listeners = new Set<() => void>()
const systemLight = matchMedia('(prefers-color-scheme: light)')

// Without a choice of its own the page follows the system, also while it is open.
systemLight.addEventListener('change', () => {
  if (chosen() === null) show(systemLight.matches ? 'light' : 'dark')
})

/** The theme shown now; first-paint.js has set it before the page was painted. */
export function currentTheme(): Theme {
  return document.documentElement.dataset.theme === 'light' ? 'light' : 'dark'
}

/** Changes to the other theme and remembers it in this browser. */
export function toggleTheme(): void {
  const next: Theme = currentTheme() === 'light' ? 'dark' : 'light'
  try {
    localStorage.setItem(storageKey, next)
  } catch {
    // Storage can be switched off; the choice then holds until the page is left.
  }
  show(next)
}

export function subscribeTheme(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribeTheme, currentTheme)
}

function chosen(): string | null {
  try {
    return localStorage.getItem(storageKey)
  } catch {
    return null
  }
}

function show(theme: Theme): void {
  document.documentElement.dataset.theme = theme
  for (const listener of listeners) listener()
}
