import { markKinds } from '@sightline/protocol/mark-kinds'
import { load, store } from '../storage.ts'
import type { Listen, StartSignal } from './signals.ts'

/**
 * Page views: the document's start, each change of path or hash within it (History API, back and forward, links to
 * anchors), and its return from the back/forward cache. Each mark carries the path that was left in this tab, so that the
 * edge from page to page is known on sites of any kind.
 */
export const startNavigation: StartSignal = (signals, listen) => {
  let page: string
  let place: string
  const visit = (kind: number, left: string) => {
    page = currentPage()
    place = page + location.hash
    signals.page(page)
    signals.mark(kind, left)
    store('sessionStorage', 'page', page)
  }
  visit(markKinds.start, lastPage())
  listen<PageTransitionEvent>('pageshow', (event) => event.persisted && visit(markKinds.restored, lastPage()))
  onHistory(listen, () => {
    if (currentPage() + location.hash !== place) visit(markKinds.navigation, page)
  })
}

/** The page that this tab showed last, in whatever document; empty at an entry. */
function lastPage(): string {
  return load('sessionStorage', 'page')
}

/** The path, without query and fragment. Some documents, such as about:blank, have one that doesn't begin with a slash. */
function currentPage(): string {
  return location.pathname.replace(/^\/?/, '/')
}

/** Calls back after every entry of the joint history that this document changes to. */
function onHistory(listen: Listen, changed: () => void): void {
  const { navigation } = window as { navigation?: EventTarget }
  if (navigation) return listen('currententrychange', changed, navigation)
  // Older browsers tell of back and forward alone. What is put around the functions stays, since others may have put
  // theirs around it; after the tracker has stopped nobody listens to it.
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name]
    history[name] = (...args) => {
      original.apply(history, args)
      dispatchEvent(new Event('sightline'))
    }
  }
  for (const type of ['sightline', 'popstate', 'hashchange']) listen(type, changed)
}
