/** Names of the colour tokens in tokens.css that canvases need as values. */
export type ColorToken =
  | 'surface'
  | 'line'
  | 'line-2'
  | 'text'
  | 'muted'
  | 'faint'
  | 'teal'
  | 'violet'
  | 'amber'
  | 'rose'
  | 'sky'
  | 'slate'
  | 'age-1'
  | 'age-2'
  | 'age-3'
  | 'age-4'
  | 'head'
  | 'click'

/** The token's value in the theme shown now, as `#rrggbb`. */
export function color(token: ColorToken): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${token}`).trim()
}

/** `#rrggbb` with an opacity of 0 to 1, as `#rrggbbaa`. */
export function withOpacity(hex: string, opacity: number): string {
  return (
    hex +
    Math.round(opacity * 255)
      .toString(16)
      .padStart(2, '0')
  )
}
