/** Layout classes by viewport width: phone < 768, tablet < 1,100, desktop < 1,920, wide. */
export const layouts = ['phone', 'tablet', 'desktop', 'wide'] as const
/** Index into `layouts`. */
export type Layout = 0 | 1 | 2 | 3

export function layoutOf(viewportWidthPx: number): Layout {
  return viewportWidthPx < 768 ? 0 : viewportWidthPx < 1_100 ? 1 : viewportWidthPx < 1_920 ? 2 : 3
}
