import measured from './site-map.json' with { type: 'json' }

/** Something to click on a page, measured in CSS px of the page at the width of `siteMapWidth`. */
export interface SiteElement {
  /** The name under which the tracker reports a click on it. */
  readonly label: string
  readonly kind: 'link' | 'button' | 'input'
  /** Its centre, which nothing else covers. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** Where a link within the shop leads: path, with query and hash if it has them. */
  readonly to?: string
}

/** A visible block of a page, as a wireframe shows it; x and y are its top left corner in page px. */
export interface SiteBlock {
  readonly role: 'heading' | 'text' | 'image' | 'button' | 'input' | 'link'
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

export interface SitePage {
  readonly path: string
  readonly title: string
  /** Height of the whole page in px. */
  readonly height: number
  /** In reading order: from the top, then from the left. */
  readonly elements: readonly SiteElement[]
  readonly blocks: readonly SiteBlock[]
}

/** Width of the viewport in which the pages were measured, px. */
export const siteMapWidth: number = measured.viewportWidth

/**
 * The shop's pages as they are in a browser: simulated visitors click where real buttons are, and
 * the dashboard can draw the page under their pointers. The bag, the checkout and the thank-you page
 * are shown with two things ordered. Measured by `measure-site-map.ts`.
 */
export const sitePages: readonly SitePage[] = measured.pages as readonly SitePage[]
