import { useSyncExternalStore } from 'react'
import { flushSync } from 'react-dom'

/** Where the visitor is: a path with its query (`?a=b` or empty) and hash (`#a` or empty). */
export interface Place {
  readonly path: string
  readonly query: string
  readonly hash: string
}

const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('popstate', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('popstate', listener)
  }
}

function currentAddress(): string {
  const { pathname, search, hash } = window.location
  return pathname + search + hash
}

/** Splits an address of this site, e.g. `/shop?category=table#top`. */
export function parseAddress(address: string): Place {
  const [beforeHash, hash] = splitAt(address, '#')
  const [path, query] = splitAt(beforeHash, '?')
  return { path: path.length > 1 ? path.replace(/\/+$/, '') || '/' : '/', query, hash }
}

function splitAt(text: string, mark: string): [before: string, markAndAfter: string] {
  const at = text.indexOf(mark)
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at)]
}

/** The place the visitor is at; the component is drawn again when it changes. */
export function usePlace(): Place {
  return parseAddress(useSyncExternalStore(subscribe, currentAddress))
}

/** Goes to an address of this site as a link does: a new entry in the history, shown from its top. */
export function goTo(address: string): void {
  window.history.pushState(null, '', address)
  // Drawn at once, so that the hash's target is there to scroll to.
  flushSync(notify)
  const { hash } = parseAddress(address)
  const target = hash === '' ? null : document.getElementById(hash.slice(1))
  if (target === null) window.scrollTo(0, 0)
  else target.scrollIntoView()
}

/** Changes the query of the present place without a new entry in the history. */
export function replaceQuery(query: string): void {
  window.history.replaceState(null, '', window.location.pathname + query)
  notify()
}

function notify(): void {
  for (const listener of listeners) listener()
}

/** What of a click decides whether the browser or the shop follows a link. */
export type LinkClick = Pick<
  MouseEvent,
  'button' | 'metaKey' | 'ctrlKey' | 'shiftKey' | 'altKey' | 'defaultPrevented'
>

/** Whether a click on a link means "go there, here"; with a modifier key or another button the browser decides. */
export function isPlainClick(click: LinkClick): boolean {
  const modified = click.metaKey || click.ctrlKey || click.shiftKey || click.altKey
  return click.button === 0 && !modified && !click.defaultPrevented
}
