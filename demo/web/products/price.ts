const whole = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'GBP', maximumFractionDigits: 0 })
const exact = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'GBP' })

/** A price for people: `£18`, or `£4.95` where there are pence. */
export function formatPrice(pence: number): string {
  return (pence % 100 === 0 ? whole : exact).format(pence / 100)
}
