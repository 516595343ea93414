import type { SiteBlock, SiteElement } from './site-map.ts'

/** The tracker's own naming, as the measuring script puts it into the page. */
export interface TargetNaming {
  clickedElement(hit: EventTarget | undefined): Element | null
  targetName(element: Element): string
}

export interface PageMeasurement {
  readonly title: string
  readonly height: number
  readonly elements: SiteElement[]
  readonly blocks: SiteBlock[]
  /** Names of elements whose centre something else covers; a click there would miss them. */
  readonly covered: string[]
}

/** Which blocks a wireframe shows: role, where to find them, how many at most. */
export type BlockRule = readonly [role: SiteBlock['role'], selector: string, most: number]

export const blockRules: readonly BlockRule[] = [
  ['heading', 'main h1, main h2, .brand', 6],
  ['image', 'main .picture', 16],
  ['text', 'main p, main dl, main .steps', 6],
  ['button', 'main .button, main .chip, main .swatch', 8],
  ['input', 'main input, main select, footer input', 6],
  ['link', 'header nav a, main .breadcrumb a, main .text-button, main summary', 6],
]

/**
 * Measures the page it runs in. It is sent to the browser as text, so it uses nothing from outside
 * itself but its argument and the naming that it is given on `window`.
 */
export function measurePage(rules: readonly BlockRule[]): PageMeasurement {
  const naming = (window as unknown as { targetNaming: TargetNaming }).targetNaming
  const covered: string[] = []

  const isShown = (element: Element): boolean => {
    const { width, height } = element.getBoundingClientRect()
    return (
      width > 1 &&
      height > 1 &&
      element.checkVisibility({ visibilityProperty: true, opacityProperty: false }) &&
      !element.matches('.skip-link, :disabled')
    )
  }

  const pageRect = (element: Element) => {
    const { left, top, width, height } = element.getBoundingClientRect()
    return { left: left + window.scrollX, top: top + window.scrollY, width, height }
  }

  const isHit = (element: Element): boolean => {
    element.scrollIntoView({ block: 'center' })
    const { left, top, width, height } = element.getBoundingClientRect()
    const hit = document.elementFromPoint(left + width / 2, top + height / 2)
    return hit !== null && naming.clickedElement(hit) === element
  }

  const kindOf = (element: Element): SiteElement['kind'] => {
    if (element.matches('a')) return 'link'
    return element.matches('input, select') ? 'input' : 'button'
  }

  const elementOf = (element: Element): SiteElement => {
    const { left, top, width, height } = pageRect(element)
    const place = {
      label: naming.targetName(element),
      kind: kindOf(element),
      x: Math.round(left + width / 2),
      y: Math.round(top + height / 2),
      width: Math.round(width),
      height: Math.round(height),
    }
    const to = element.getAttribute('href')
    if (to === null) return place
    return { ...place, to: to.startsWith('#') ? window.location.pathname + to : to }
  }

  const elements = [...document.querySelectorAll('a[href], button, input, select, summary')]
    .filter(isShown)
    .filter((element) => {
      const hit = isHit(element)
      if (!hit) covered.push(naming.targetName(element))
      return hit
    })
    .map(elementOf)

  // The largest of each role, and no more of it than a wireframe needs.
  const blocks = rules.flatMap(([role, selector, most]) =>
    [...document.querySelectorAll(selector)]
      .filter(isShown)
      .map(pageRect)
      .sort((a, b) => b.width * b.height - a.width * a.height)
      .slice(0, most)
      .map(({ left, top, width, height }): SiteBlock => ({
        role,
        x: Math.round(left),
        y: Math.round(top),
        w: Math.round(width),
        h: Math.round(height),
      })),
  )

  return {
    title: document.title.replace(' · Lark & Loam', ''),
    height: document.documentElement.scrollHeight,
    elements: elements.sort((a, b) => a.y - b.y || a.x - b.x),
    blocks: blocks.sort((a, b) => a.y - b.y || a.x - b.x),
    covered,
  }
}
