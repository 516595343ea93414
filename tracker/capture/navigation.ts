import { markKinds } from '@sightline/protocol/mark-kinds'
import { listen, nowMs, type StartSignal } from './signals.ts'

/** Survives a load in the same tab, so that the edge from page to page is known on sites of any kind. */
const lastPageKey = 'sightline.page'

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
    remember(page)
  }
  const check = () => {
    if (location.pathname !== page || location.hash !== hash) visit(markKinds.navigation, page)
  }
  visit(markKinds.start, recall())
  const stops = [
    listen<PageTransitionEvent>(window, 'pageshow', (event) => {
      if (event.persisted) visit(markKinds.restored, recall())
    }),
    onHistory(check),
  ]
  return () => stops.forEach((stop) => stop())
}

/** Calls back after every entry of the joint history that this document changes to. */
function onHistory(changed: () => void): () => void {
  const { navigation } = window as { navigation?: EventTarget }
  if (navigation) return listen(navigation, 'currententrychange', changed)
  const { pushState, replaceState } = history
  history.pushState = function (...args) {
    pushState.apply(this, args)
    changed()
  }
  history.replaceState = function (...args) {
    replaceState.apply(this, args)
    changed()
  }
  const stops = [listen(window, 'popstate', changed), listen(window, 'hashchange', changed)]
  return () => {
    Object.assign(history, { pushState, replaceState })
    stops.forEach((stop) => stop())
  }
}

function recall(): string {
  try {
    return sessionStorage.getItem(lastPageKey) ?? ''
  } catch {
    return '' // no storage: the edge is shown as an entry
  }
}

function remember(page: string): void {
  try {
    sessionStorage.setItem(lastPageKey, page)
  } catch {
    // no storage: as above
  }
}
