import { markKinds } from '@sightline/protocol/mark-kinds'
import { load, store } from '../storage.ts'
import { listen, nowMs, type StartSignal } from './signals.ts'

/**
 * Page views: the document's start, each change of path or hash within it (History API, back and forward, links to
 * anchors), and its return from the back/forward cache. Each mark carries the path that was left.
 */
export const startNavigation: StartSignal = (signals) => {
  let page = location.pathname
  let hash = location.hash
  const visit = (kind: number, left: string) => {
    page = location.pathname
    hash = location.hash
    signals.page(page)
    signals.mark(nowMs(), kind, left)
    store('sessionStorage', 'page', page)
  }
  visit(markKinds.start, lastPage())
  listen<PageTransitionEvent>(window, 'pageshow', (event) => {
    if (event.persisted) visit(markKinds.restored, lastPage())
  })
  onHistory(() => {
    if (location.pathname !== page || location.hash !== hash) visit(markKinds.navigation, page)
  })
}

/** Calls back after every entry of the joint history that this document changes to. */
function onHistory(changed: () => void): void {
  const { navigation } = window as { navigation?: EventTarget }
  if (navigation) return listen(navigation, 'currententrychange', changed)
  // Older browsers tell of back and forward alone. What is put around the functions stays, since others may have
  // put theirs around it; after stop() it calls a tracker that doesn't listen any more.
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name]
    history[name] = function (...args) {
      original.apply(this, args)
      changed()
    }
  }
  listen(window, 'popstate', changed)
  listen(window, 'hashchange', changed)
}

/** Survives a load in the same tab, so that the edge from page to page is known on sites of any kind. */
function lastPage(): string {
  return load('sessionStorage', 'page')
}
