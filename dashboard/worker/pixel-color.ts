/** A pixel as ImageData holds it on little-endian machines: one 32-bit word, alpha highest. */
export function pixel(red: number, green: number, blue: number, alpha: number): number {
  return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0
}

/** `#rrggbb` → [red, green, blue], 0 to 255 each. Throws TypeError for anything else. */
export function parseColor(hex: string): [number, number, number] {
  if (!/^#[0-9a-f]{6}$/i.test(hex)) throw new TypeError(`a color must be #rrggbb, not "${hex}"`)
  const value = Number.parseInt(hex.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}
