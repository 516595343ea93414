const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** 0, 4,217, 11.7k, 1.24M: at most five characters beyond 9,999. */
export function formatCount(count: number): string {
  if (count < 10_000) return whole.format(count)
  if (count < 99_950) return `${trimmed(count / 1e3, 1)}k`
  if (count < 999_500) return `${Math.round(count / 1e3)}k`
  if (count < 1e7) return `${trimmed(count / 1e6, 2)}M`
  if (count < 999.5e6) return `${trimmed(count / 1e6, count < 1e8 ? 1 : 0)}M`
  return `${trimmed(count / 1e9, 2)}G`
}

/** All digits, with separators. */
export function formatWhole(count: number): string {
  return whole.format(count)
}

/** A rate per second: one decimal below ten. */
export function formatRate(perSecond: number): string {
  return perSecond < 10 && perSecond % 1 !== 0 ? perSecond.toFixed(1) : formatCount(perSecond)
}

/** A share of 0 to 1 in per cent; what is not nothing never reads as 0. */
export function formatPercent(share: number): string {
  if (share === 0) return '0'
  const percent = share * 100
  if (percent < 0.001) return '<0.001'
  if (percent < 0.1) return percent.toFixed(3)
  return percent.toFixed(percent < 10 ? 2 : 1)
}

function trimmed(value: number, decimals: number): string {
  return value.toFixed(decimals)
}
