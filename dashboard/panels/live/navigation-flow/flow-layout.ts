import { sankey, sankeyLinkHorizontal, type SankeyGraph } from 'd3-sankey'
import type { FlowGraph, FlowNode } from './flow-graph.ts'

export interface PlacedNode extends FlowNode {
  x: number
  y: number
  width: number
  height: number
}

export interface PlacedLink {
  id: string
  kind: FlowNode['kind']
  path: string
  width: number
  text: string
}

export interface PlacedFlow {
  nodes: PlacedNode[]
  links: PlacedLink[]
}

const nodeWidth = 8
/** Least distance between the middles of two nodes of a column: one line of text. */
export const lineHeight = 17

type Extra = FlowNode & { placed?: number }
interface LinkExtra {
  from: string
  to: string
}

/**
 * Places a flow in a box. Nodes keep the order of the graph (nothing jumps when counts change a little), and are
 * never closer than a line of text, so labels cannot lie over each other.
 *
 * @param labelRoom px kept free at the right for the labels of the last column
 */
export function flowLayout(graph: FlowGraph, width: number, height: number, labelRoom: number): PlacedFlow {
  if (graph.links.length === 0 || width < 120 || height < 60) return { nodes: [], links: [] }
  const layout = sankey<Extra, LinkExtra>()
    .nodeId((node) => node.id)
    .nodeAlign((node) => node.column)
    .nodeSort(null as never)
    .linkSort(null as never)
    .nodeWidth(nodeWidth)
    .nodePadding(lineHeight - 3)
    .extent([
      [0.5, 4],
      [width - labelRoom, height - 4],
    ])
  const input: SankeyGraph<Extra, LinkExtra> = {
    nodes: graph.nodes.map((node) => ({ ...node })),
    links: graph.links.map(({ from, to, count }) => ({ source: from, target: to, value: count, from, to })),
  }
  const placed = layout(input)
  const path = sankeyLinkHorizontal<Extra, LinkExtra>()
  return {
    nodes: placed.nodes.map((node) => ({
      ...graphNode(node),
      x: node.x0 ?? 0,
      y: node.y0 ?? 0,
      width: nodeWidth,
      height: Math.max(1, (node.y1 ?? 0) - (node.y0 ?? 0)),
    })),
    links: placed.links.map((link) => {
      const source = link.source as Extra
      const target = link.target as Extra
      return {
        id: `${link.from} ${link.to}`,
        kind:
          target.kind === 'page' || target.kind === 'left'
            ? target.kind === 'left'
              ? 'left'
              : source.kind
            : target.kind,
        path: path(link) ?? '',
        width: Math.max(1, link.width ?? 0),
        text: `${source.text} → ${target.text}: ${link.value}`,
      }
    }),
  }
}

function graphNode({ id, kind, column, text, page, count }: Extra): FlowNode {
  return { id, kind, column, text, page, count }
}
