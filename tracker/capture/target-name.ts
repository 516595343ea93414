import { limits } from '@sightline/protocol/limits'

/** Elements that are named by the text they show. */
const texted = 'a,button,label,summary,[role=button],[role=link],[role=tab]'

/** Fields of forms. */
const fields = ',input,textarea,select'

/** Elements that people mean when they click something inside them. */
const interactive = texted + ',[data-sightline],[onclick]' + fields

const editable = '[contenteditable]:not([contenteditable=false])'

/** What can be typed into. */
const typedInto = editable + fields

/**
 * The element a click is counted for: a text being edited as a whole, else the nearest interactive one around what was
 * hit, also outside the shadow tree in which that lies, else what was hit itself. Clicks that scripts make may hit the
 * document or the window: they count for the page.
 */
export function clickedElement(hit: EventTarget | undefined): Element {
  if (!(hit instanceof Element)) return document.documentElement
  for (let at: Element | undefined = hit; at; at = (at.getRootNode() as ShadowRoot).host) {
    const found = at.closest(editable) ?? at.closest(interactive)
    if (found) return found
  }
  return hit
}

/**
 * A name that stays the same from visit to visit: the label attribute, else the id, else the accessible name, else a
 * short path. Never a value or anything that can be edited: what people type is not read.
 */
export function targetName(element: Element): string {
  return (
    element.getAttribute('data-sightline') || stableId(element) || accessibleName(element) || path(element)
  )
}

/** Ids with three or more digits are usually made anew with each page. */
function stableId(element: Element): string {
  // Not element.id: in a form that is its field of this name.
  const id = element.getAttribute('id')
  return id && !/\d{3}/.test(id) ? '#' + id : ''
}

/** `button Add to bag`: from the label that the site wrote, else from the text of what is named by its text. */
function accessibleName(element: Element): string {
  const name =
    element.getAttribute('aria-label') ||
    element.getAttribute('title') ||
    element.getAttribute('alt') ||
    shownText(element)
  const line = name.replace(/\s+/g, ' ').trim().slice(0, limits.targetNameCharactersMax)
  return line && element.localName + ' ' + line
}

/** Empty where the text may be a visitor's: in what can be edited, and around it. */
function shownText(element: Element): string {
  const isTyped = element.matches(typedInto) || element.querySelector(typedInto)
  // Also a whole document can be edited, without an attribute. Elements that are not HTML don't say.
  const isFixed = (element as HTMLElement).isContentEditable === false
  return isFixed && !isTyped && element.matches(texted) ? element.textContent : ''
}

/** `main > ul:nth(2) > li:nth(5)`, from the nearest ancestor with a stable id or at most four levels. */
function path(element: Element): string {
  const parts: string[] = []
  for (
    let at: Element | null = element;
    at && parts.length < limits.targetPathDepthMax;
    at = at.parentElement
  ) {
    const id = stableId(at)
    if (id) {
      parts.unshift(id)
      break
    }
    const { localName } = at
    const twins = [...(at.parentElement?.children ?? [])].filter((child) => child.localName === localName)
    parts.unshift(localName + (twins.length > 1 ? `:nth(${twins.indexOf(at) + 1})` : ''))
  }
  return parts.join(' > ')
}
