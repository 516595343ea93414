/** Text of at most `characters`, its middle replaced by … : of a path both ends tell most. */
export function shorten(text: string, characters: number): string {
  if (text.length <= characters) return text
  const kept = Math.max(2, characters - 1)
  const head = Math.ceil(kept / 2)
  return `${text.slice(0, head)}…${text.slice(text.length - (kept - head))}`
}
