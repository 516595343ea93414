/** What people call the elements by whose tags the tracker begins a name. */
const kinds: Record<string, string> = {
  a: 'link',
  area: 'link',
  button: 'button',
  summary: 'fold-out',
  label: 'label',
  input: 'field',
  select: 'choice',
  textarea: 'field',
  img: 'image',
  div: 'element',
  span: 'element',
  li: 'list item',
  tr: 'table row',
  td: 'table cell',
}

export interface TargetText {
  name: string
  /** What kind of element it is; null where the target does not say: labels, ids and paths. */
  kind: string | null
}

/**
 * A click target for reading: `button Save` is Save, a button. Labels that a site gave, `#id` and paths (`ul > li`)
 * stay as they are.
 */
export function targetText(target: string): TargetText {
  const space = target.indexOf(' ')
  const tag = target.slice(0, Math.max(0, space))
  const name = target.slice(space + 1)
  if (!Object.hasOwn(kinds, tag) || name === '' || name.startsWith('>')) return { name: target, kind: null }
  return { name, kind: kinds[tag] }
}

/** One line for a tooltip: `Save (button)`. */
export function targetTitle(target: string): string {
  const { name, kind } = targetText(target)
  return kind === null ? name : `${name} (${kind})`
}
