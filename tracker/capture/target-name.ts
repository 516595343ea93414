const nameCharsMax = 80
const pathDepthMax = 4

/** Elements that people mean when they click something inside them. */
const interactive = '[data-sightline],a,button,input,select,textarea,label,summary,[role=button],[role=link],[role=tab],[onclick]'

/** The element a click is counted for: the nearest interactive one, else the one that was hit. */
export function clickedElement(hit: EventTarget | undefined): Element | null {
  if (!(hit instanceof Element)) return hit === document ? document.documentElement : null
  return hit.closest(interactive) ?? hit
}

/**
 * A name that stays the same from visit to visit: the label attribute, else the id, else the accessible name of a
 * button or link, else a short path. Never a value or anything that can be edited: what people type is not read.
 */
export function targetName(element: Element): string {
  return element.getAttribute('data-sightline') || stableId(element) || accessibleName(element) || path(element)
}

/** Ids with three or more digits are usually made anew with each page. */
function stableId(element: Element): string {
  return element.id && !/\d{3}/.test(element.id) ? '#' + element.id : ''
}

function accessibleName(element: Element): string {
  const tag = element.tagName.toLowerCase()
  const label = element.getAttribute('aria-label') || element.getAttribute('title') || element.getAttribute('alt')
  const named = /^(a|button|summary|label)$/.test(tag) || element.hasAttribute('role')
  const text = label || (named && !element.querySelector('[contenteditable],input,textarea,select') ? element.textContent : '')
  const name = (text ?? '').replace(/\s+/g, ' ').trim().slice(0, nameCharsMax)
  return name && `${tag} ${name}`
}

/** `main > ul:nth(2) > li:nth(5)`, from the nearest ancestor with a stable id or at most four levels. */
function path(element: Element): string {
  const parts: string[] = []
  for (let at: Element | null = element; at && parts.length < pathDepthMax; at = at.parentElement) {
    const id = stableId(at)
    if (id) {
      parts.unshift(id)
      break
    }
    const tag = at.tagName
    const twins = at.parentElement ? [...at.parentElement.children].filter((child) => child.tagName === tag) : []
    parts.unshift(tag.toLowerCase() + (twins.length > 1 ? `:nth(${twins.indexOf(at) + 1})` : ''))
  }
  return parts.join(' > ')
}
