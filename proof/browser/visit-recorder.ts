/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** What happened in one document, as a recorder beside the tracker saw it. */
export interface RecordedDocument {
  startedMs: number
  /** Pointer events, and the samples that the browser joined into them: page px. */
  moveEvents: number
  samples: [x: number, y: number][]
  clicks: { target: string; x: number; y: number }[]
  scrolls: number
  /** Start, navigations in place, and returns from the back/forward cache; `from` '' = entry. */
  views: { kind: 'start' | 'navigation' | 'restored'; from: string; to: string }[]
  visibilityChanges: number
  pageHides: number
  /** Events before the tracker's script had run: not the tracker's business. */
  early: number
}

/** Prefix of the recorder's keys in sessionStorage. */
const prefix = 'visit-recorder.'

/**
 * A script that counts, in a page and by its own means, what a tracker on that page should count. It is put in before
 * any script of the page. What it has seen is written to sessionStorage when the document is left, one key per document,
 * for the last document of the tab to read.
 */
export function recorderScript(): string {
  return `{
    const record = (${beginRecord})(${JSON.stringify(prefix)})
    if (record !== null) {
      (${recordInput})(record);
      (${recordViews})(record, ${JSON.stringify(prefix)})
    }
  }`
}

/** What to run in the tab's last document: all that was recorded, in the order of the documents. */
export const readRecords = [readKept, prefix] as const

function readKept(prefix: string): RecordedDocument[] {
  return Object.keys(sessionStorage)
    .filter((key) => key.startsWith(`${prefix}document`))
    .map((key) => JSON.parse(sessionStorage.getItem(key)!) as RecordedDocument)
    .sort((a, b) => a.startedMs - b.startedMs)
}

// The functions below run as text in a page: they use nothing from outside themselves.

/** Null in a document without the tracker's script, such as an image: it is no part of the visit. */
function beginRecord(prefix: string): RecordedDocument | null {
  if (location.protocol === 'about:' || /\.\w+$/.test(location.pathname)) return null
  const record: RecordedDocument = {
    startedMs: performance.timeOrigin,
    ...{ moveEvents: 0, samples: [], clicks: [], scrolls: 0, views: [] },
    ...{ visibilityChanges: 0, pageHides: 0, early: 0 },
  }
  const key = `${prefix}document ${Math.random()}`
  let isLeft = false
  const onVisibility = () => {
    if (!isLeft) record.visibilityChanges++
  }
  const onHide = () => {
    isLeft = true
    record.pageHides++
    sessionStorage.setItem(key, JSON.stringify(record))
  }
  addEventListener('visibilitychange', onVisibility, true)
  addEventListener('pagehide', onHide, true)
  addEventListener('pageshow', ({ persisted }) => (isLeft = isLeft && !persisted), true)
  return record
}

function recordInput(record: RecordedDocument): void {
  let trackerRuns = false
  // A script's load event comes in the same task as its execution. It can be captured, though not by the window.
  const onLoad = ({ target }: Event) => {
    if (target instanceof HTMLScriptElement && target.dataset.key !== undefined) trackerRuns = true
  }
  document.addEventListener('load', onLoad, true)
  const watch = <E extends Event>(type: string, handle: (event: E) => void) => {
    const onEvent = (event: Event) => (trackerRuns ? handle(event as E) : record.early++)
    addEventListener(type, onEvent, { capture: true, passive: true })
  }

  watch<PointerEvent>('pointermove', (event) => {
    record.moveEvents++
    const joined = event.getCoalescedEvents()
    for (const { pageX, pageY } of joined.length === 0 ? [event] : joined) record.samples.push([pageX, pageY])
  })
  watch('scroll', ({ target }) => {
    if (target === document) record.scrolls++
  })

  const labelOf = (hit: Element) => {
    const element = hit.closest<HTMLElement>('a, button, summary') ?? hit
    const text = element.getAttribute('aria-label') ?? element.textContent ?? ''
    const own = element.getAttribute('data-sightline') ?? (element.id && `#${element.id}`)
    return own || `${element.tagName.toLowerCase()} ${text.trim().split(/\s+/).join(' ')}`
  }
  const click = ({ target, pageX, pageY }: MouseEvent) =>
    record.clicks.push({ target: labelOf(target as Element), x: pageX, y: pageY })
  watch<MouseEvent>('click', click)
  watch<MouseEvent>('auxclick', click)
}

/** Page views: by the History API's own functions and events, not by the Navigation API. */
function recordViews(record: RecordedDocument, prefix: string): void {
  let page = ''
  let hash = ''
  const lastPage = () => sessionStorage.getItem(`${prefix}page`) ?? ''
  const visit = (kind: 'start' | 'navigation' | 'restored', from: string) => {
    page = location.pathname
    hash = location.hash
    record.views.push({ kind, from, to: page })
    sessionStorage.setItem(`${prefix}page`, page)
  }
  const changed = () => {
    if (location.pathname !== page || location.hash !== hash) visit('navigation', page)
  }
  visit('start', lastPage())
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name].bind(history)
    history[name] = (...state) => {
      original(...state)
      changed()
    }
  }
  addEventListener('popstate', changed, true)
  addEventListener('hashchange', changed, true)
  addEventListener('pageshow', ({ persisted }) => persisted && visit('restored', lastPage()), true)
}
