/**
 * An SVG path through the values, in a box of width × height; the highest value touches the top, the lowest the
 * bottom. null leaves a hole. '' when there are fewer than two values.
 */
export function sparklinePath(values: readonly (number | null)[], width: number, height: number): string {
  const known = values.filter((value) => value !== null)
  if (known.length < 2) return ''
  const low = Math.min(...known)
  const high = Math.max(...known)
  const y = (value: number) =>
    high === low ? height - 1 : 1 + ((high - value) / (high - low)) * (height - 2)
  let path = ''
  let pen = 'M'
  values.forEach((value, index) => {
    if (value === null) {
      pen = 'M'
      return
    }
    const x = (index / (values.length - 1)) * width
    path += `${pen}${x.toFixed(1)} ${y(value).toFixed(1)}`
    pen = 'L'
  })
  return path
}
