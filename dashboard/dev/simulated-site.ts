/** Something to point at: its middle as shares of the viewport's width and px down the page. */
export interface SimulatedTarget {
  name: string
  /** 0 to 1 across. */
  across: number
  downPx: number
  widthShare: number
  heightPx: number
  weight: number
  /** How often a visit ends in a click, 0 to 1. */
  clicks: number
  /** Page that a click leads to. */
  leadsTo?: string
}

export interface SimulatedPage {
  path: string
  heightPx: number
  /** How often visits begin here. */
  weight: number
  targets: SimulatedTarget[]
}

const menu: SimulatedTarget[] = [
  {
    name: 'Logo',
    across: 0.08,
    downPx: 34,
    widthShare: 0.07,
    heightPx: 24,
    weight: 2,
    clicks: 0.15,
    leadsTo: '/',
  },
  {
    name: 'Menu: Shop',
    across: 0.46,
    downPx: 34,
    widthShare: 0.05,
    heightPx: 20,
    weight: 5,
    clicks: 0.35,
    leadsTo: '/shop',
  },
  {
    name: 'Menu: Journal',
    across: 0.54,
    downPx: 34,
    widthShare: 0.05,
    heightPx: 20,
    weight: 2,
    clicks: 0.3,
    leadsTo: '/journal',
  },
  { name: 'Search', across: 0.83, downPx: 34, widthShare: 0.1, heightPx: 26, weight: 4, clicks: 0.4 },
  {
    name: 'Cart',
    across: 0.94,
    downPx: 34,
    widthShare: 0.03,
    heightPx: 26,
    weight: 3,
    clicks: 0.4,
    leadsTo: '/cart',
  },
]

function productGrid(rows: number, fromPx: number, names: readonly string[]): SimulatedTarget[] {
  const cards: SimulatedTarget[] = []
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < 4; column++) {
      const name = names[(row * 4 + column) % names.length]
      const [across, downPx] = [0.155 + column * 0.23, fromPx + row * 420]
      const weight = 7 / (1 + row * 0.7)
      cards.push({
        name: `Product: ${name}`,
        across,
        downPx,
        widthShare: 0.17,
        heightPx: 250,
        weight,
        clicks: 0.25,
        leadsTo: '/product',
      })
      cards.push({
        name: 'Quick add',
        across: across + 0.065,
        downPx: downPx + 175,
        widthShare: 0.04,
        heightPx: 26,
        weight: weight * 0.35,
        clicks: 0.5,
      })
    }
  }
  return cards
}

const products = [
  'Oak stool',
  'Linen throw',
  'Brass lamp',
  'Clay vase',
  'Wool rug',
  'Pine shelf',
  'Glass carafe',
  'Ash bench',
]

export const simulatedPages: readonly SimulatedPage[] = [
  {
    path: '/',
    heightPx: 2_450,
    weight: 8,
    targets: [
      ...menu,
      {
        name: 'Accept cookies',
        across: 0.84,
        downPx: 760,
        widthShare: 0.09,
        heightPx: 34,
        weight: 7,
        clicks: 0.7,
      },
      {
        name: 'Shop the collection',
        across: 0.2,
        downPx: 470,
        widthShare: 0.13,
        heightPx: 40,
        weight: 9,
        clicks: 0.55,
        leadsTo: '/shop',
      },
      {
        name: 'Play film',
        across: 0.64,
        downPx: 400,
        widthShare: 0.06,
        heightPx: 60,
        weight: 5,
        clicks: 0.4,
      },
      { name: 'Headline', across: 0.24, downPx: 330, widthShare: 0.26, heightPx: 90, weight: 6, clicks: 0 },
      ...productGrid(1, 1_080, products),
      {
        name: 'Read the journal',
        across: 0.5,
        downPx: 1_720,
        widthShare: 0.1,
        heightPx: 36,
        weight: 3,
        clicks: 0.35,
        leadsTo: '/journal',
      },
      {
        name: 'Newsletter',
        across: 0.5,
        downPx: 2_180,
        widthShare: 0.2,
        heightPx: 40,
        weight: 2.5,
        clicks: 0.4,
      },
    ],
  },
  {
    path: '/shop',
    heightPx: 2_250,
    weight: 5,
    targets: [
      ...menu,
      {
        name: 'Filter: material',
        across: 0.12,
        downPx: 210,
        widthShare: 0.08,
        heightPx: 30,
        weight: 4,
        clicks: 0.6,
      },
      { name: 'Sort', across: 0.88, downPx: 210, widthShare: 0.08, heightPx: 30, weight: 3, clicks: 0.6 },
      ...productGrid(4, 470, products),
    ],
  },
  {
    path: '/product',
    heightPx: 1_780,
    weight: 3,
    targets: [
      ...menu,
      {
        name: 'Picture',
        across: 0.28,
        downPx: 430,
        widthShare: 0.36,
        heightPx: 420,
        weight: 10,
        clicks: 0.15,
      },
      {
        name: 'Next picture',
        across: 0.45,
        downPx: 440,
        widthShare: 0.03,
        heightPx: 40,
        weight: 4,
        clicks: 0.75,
      },
      {
        name: 'Choose colour',
        across: 0.68,
        downPx: 400,
        widthShare: 0.12,
        heightPx: 36,
        weight: 5,
        clicks: 0.6,
      },
      {
        name: 'Add to cart',
        across: 0.72,
        downPx: 520,
        widthShare: 0.2,
        heightPx: 46,
        weight: 9,
        clicks: 0.5,
        leadsTo: '/cart',
      },
      {
        name: 'Delivery and returns',
        across: 0.7,
        downPx: 640,
        widthShare: 0.2,
        heightPx: 30,
        weight: 3,
        clicks: 0.4,
      },
      { name: 'Reviews', across: 0.4, downPx: 1_160, widthShare: 0.5, heightPx: 220, weight: 4, clicks: 0.1 },
    ],
  },
  {
    path: '/cart',
    heightPx: 1_150,
    weight: 1,
    targets: [
      ...menu,
      { name: 'Quantity', across: 0.52, downPx: 300, widthShare: 0.06, heightPx: 30, weight: 4, clicks: 0.6 },
      { name: 'Remove', across: 0.62, downPx: 300, widthShare: 0.04, heightPx: 24, weight: 2, clicks: 0.4 },
      {
        name: 'Apply coupon',
        across: 0.8,
        downPx: 420,
        widthShare: 0.08,
        heightPx: 32,
        weight: 3,
        clicks: 0.5,
      },
      {
        name: 'Checkout',
        across: 0.82,
        downPx: 540,
        widthShare: 0.14,
        heightPx: 44,
        weight: 7,
        clicks: 0.6,
        leadsTo: '/checkout',
      },
    ],
  },
  {
    path: '/checkout',
    heightPx: 1_320,
    weight: 0.6,
    targets: [
      { name: 'Name', across: 0.3, downPx: 260, widthShare: 0.34, heightPx: 40, weight: 4, clicks: 0.8 },
      { name: 'Address', across: 0.3, downPx: 340, widthShare: 0.34, heightPx: 40, weight: 4, clicks: 0.8 },
      {
        name: 'Card number',
        across: 0.3,
        downPx: 560,
        widthShare: 0.34,
        heightPx: 40,
        weight: 3,
        clicks: 0.8,
      },
      {
        name: 'Place order',
        across: 0.3,
        downPx: 760,
        widthShare: 0.34,
        heightPx: 46,
        weight: 6,
        clicks: 0.5,
        leadsTo: '/',
      },
    ],
  },
  {
    path: '/journal',
    heightPx: 3_100,
    weight: 2,
    targets: [
      ...menu,
      {
        name: 'Article: The joiner of Uppsala',
        across: 0.34,
        downPx: 520,
        widthShare: 0.5,
        heightPx: 400,
        weight: 8,
        clicks: 0.3,
      },
      {
        name: 'Article: Clay from the river',
        across: 0.34,
        downPx: 1_180,
        widthShare: 0.5,
        heightPx: 360,
        weight: 4,
        clicks: 0.3,
      },
      { name: 'Share', across: 0.8, downPx: 560, widthShare: 0.05, heightPx: 30, weight: 2, clicks: 0.5 },
      {
        name: 'Newsletter',
        across: 0.8,
        downPx: 900,
        widthShare: 0.16,
        heightPx: 40,
        weight: 3,
        clicks: 0.4,
      },
    ],
  },
]
