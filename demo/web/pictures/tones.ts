/** The shades in which one colour appears on a lit body. Hex colours, `#rrggbb`. */
export interface Tones {
  /** Towards the window. */
  readonly light: string
  readonly body: string
  /** Away from the window. */
  readonly dark: string
  /** Inside a vessel, in a crease. */
  readonly deep: string
}

/** Shades of one colour, lit from a window on the left. */
export function tonesOf(colour: string): Tones {
  return {
    light: mix(colour, '#fffaf0', 0.38),
    body: colour,
    dark: mix(colour, '#2b2118', 0.26),
    deep: mix(colour, '#2b2118', 0.5),
  }
}

/** The colour `share` (0 to 1) of the way from one colour to another. Hex colours, `#rrggbb`. */
export function mix(from: string, to: string, share: number): string {
  const channel = (offset: number) => {
    const a = Number.parseInt(from.slice(offset, offset + 2), 16)
    const b = Number.parseInt(to.slice(offset, offset + 2), 16)
    return Math.round(a + (b - a) * share)
      .toString(16)
      .padStart(2, '0')
  }
  return `#${channel(1)}${channel(3)}${channel(5)}`
}
