import type { Edge } from '@sightline/protocol/live-frames'

/** Which column a node stands in: where people came from, the page, where they went. */
export type FlowColumn = 0 | 1 | 2
export type FlowKind = 'entry' | 'elsewhere' | 'page' | 'next' | 'left'

export interface FlowNode {
  id: string
  kind: FlowKind
  column: FlowColumn
  text: string
  /** The page it stands for, to filter by; null for all others. */
  page: string | null
  count: number
}

export interface FlowLink {
  from: string
  to: string
  count: number
}

export interface FlowGraph {
  nodes: FlowNode[]
  links: FlowLink[]
  /** Pages that were put together because there was no room for them. */
  merged: number
}

const others = 'other pages'

/**
 * Three columns in which every ribbon is an exact count: views of a page by where people came from (they entered, or
 * came from another page), and by where they went (another page, or nowhere: they left or are still there). A page
 * stands once in the middle, so loops need no way back.
 *
 * @param pagesMax pages that get a node of their own; the least viewed beyond it are put together
 */
export function flowGraph(edges: readonly Edge[], pagesMax: number): FlowGraph {
  const views = sumBy(edges, (edge) => edge.to)
  const ranked = [...views].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([page]) => page)
  const shown = new Set(ranked.length <= pagesMax ? ranked : ranked.slice(0, pagesMax - 1))
  const name = (page: string) => (shown.has(page) ? page : others)

  const links = new Map<string, FlowLink>()
  const add = (from: string, to: string, count: number) => {
    if (count <= 0) return
    const link = links.get(`${from} ${to}`)
    if (link === undefined) links.set(`${from} ${to}`, { from, to, count })
    else link.count += count
  }
  const left = new Map<string, number>()
  for (const [page, count] of views) left.set(name(page), (left.get(name(page)) ?? 0) + count)
  for (const { from, to, count } of edges) {
    add(from === null ? 'entry' : 'elsewhere', `page ${name(to)}`, count)
    if (from === null) continue
    add(`page ${name(from)}`, `next ${name(to)}`, count)
    left.set(name(from), (left.get(name(from)) ?? 0) - count)
  }
  for (const [page, count] of left) add(`page ${page}`, 'left', count)
  const list = [...links.values()]
  return { nodes: nodesOf(list, [...shown, others]), links: list, merged: ranked.length - shown.size }
}

/** The nodes that links touch, top to bottom in an order that only the ranking changes. */
function nodesOf(links: readonly FlowLink[], pages: readonly string[]): FlowNode[] {
  const incoming = sumBy(links, (link) => link.to)
  const outgoing = sumBy(links, (link) => link.from)
  const count = (id: string) => Math.max(incoming.get(id) ?? 0, outgoing.get(id) ?? 0)
  const real = (page: string) => (page === others ? null : page)
  const candidates: Omit<FlowNode, 'count'>[] = [
    { id: 'entry', kind: 'entry', column: 0, text: 'Entered', page: null },
    { id: 'elsewhere', kind: 'elsewhere', column: 0, text: 'This site', page: null },
    ...pages.map((page) => ({
      id: `page ${page}`,
      kind: 'page' as const,
      column: 1 as const,
      text: page,
      page: real(page),
    })),
    ...pages.map((page) => ({
      id: `next ${page}`,
      kind: 'next' as const,
      column: 2 as const,
      text: page,
      page: real(page),
    })),
    { id: 'left', kind: 'left', column: 2, text: 'Left or stayed', page: null },
  ]
  return candidates.map((node) => ({ ...node, count: count(node.id) })).filter((node) => node.count > 0)
}

function sumBy<Item extends { count: number }>(
  items: readonly Item[],
  key: (item: Item) => string,
): Map<string, number> {
  const sums = new Map<string, number>()
  for (const item of items) sums.set(key(item), (sums.get(key(item)) ?? 0) + item.count)
  return sums
}
