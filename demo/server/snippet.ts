/** What a site needs in order to be tracked. */
export interface TrackerSnippet {
  /** Where the tracker script is served, e.g. `http://127.0.0.1:7070/tracker.js`. */
  readonly scriptUrl: string
  /** The site's public write key. */
  readonly writeKey: string
}

/** Stands in index.html where a customer pastes the snippet. */
export const snippetPlaceholder = '<!--sightline-snippet-->'

/** The script tag exactly as a customer pastes it into the head of a page. */
export function renderSnippet(snippet: TrackerSnippet): string {
  const src = escapeAttribute(snippet.scriptUrl)
  const key = escapeAttribute(snippet.writeKey)
  return `<script async src="${src}" data-key="${key}"></script>`
}

/**
 * Puts the snippet in the placeholder's place, or removes the placeholder if there is none.
 *
 * @throws Error if the page doesn't hold the placeholder exactly once.
 */
export function insertSnippet(html: string, snippet: TrackerSnippet | undefined): string {
  const parts = html.split(snippetPlaceholder)
  if (parts.length !== 2) {
    throw new Error(
      `index.html must hold ${snippetPlaceholder} exactly once, found ${parts.length - 1} times`,
    )
  }
  return parts.join(snippet === undefined ? '' : renderSnippet(snippet))
}

function escapeAttribute(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
