/** A visible block of a page; x and y are its top left corner, page px. */
export interface OutlineBlock {
  role: 'heading' | 'text' | 'image' | 'button' | 'input' | 'link'
  x: number
  y: number
  w: number
  h: number
}

/** The visible blocks of a page at one viewport width: what pointers and heat lie on. Never text or pixels. */
export interface PageOutline {
  viewportPx: number
  heightPx: number
  blocks: readonly OutlineBlock[]
}
