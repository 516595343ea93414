import type { DrawingName } from '../pictures/drawings.ts'

export type Category = 'table' | 'kitchen' | 'living' | 'light'

/** The shop's departments, in the order in which they are shown. */
export const categories: readonly { readonly id: Category; readonly name: string; readonly line: string }[] =
  [
    { id: 'table', name: 'Table', line: 'Stoneware and glass' },
    { id: 'kitchen', name: 'Kitchen', line: 'Boards, pots and baskets' },
    { id: 'living', name: 'Living', line: 'Seats, wool and linen' },
    { id: 'light', name: 'Light', line: 'Lamps and tapers' },
  ]

export interface Colour {
  readonly name: string
  /** `#rrggbb` */
  readonly hex: string
}

export interface Product {
  /** Names the product in addresses and carts. */
  readonly slug: string
  readonly name: string
  readonly category: Category
  readonly drawing: DrawingName
  readonly pricePence: number
  readonly colours: readonly [Colour, ...Colour[]]
  readonly material: string
  readonly size: string
  readonly description: string
  readonly care: string
  /** Mean of the reviews, 1 to 5. */
  readonly rating: number
  readonly reviews: number
  readonly isNew: boolean
  readonly inStock: boolean
}

const oat = { name: 'Oat', hex: '#d9cbb3' }
const chalk = { name: 'Chalk', hex: '#e2d6c2' }
const moss = { name: 'Moss', hex: '#6f7f6a' }
const clay = { name: 'Clay', hex: '#b7714f' }
const ink = { name: 'Ink', hex: '#46525e' }
const oak = { name: 'Oak', hex: '#b98a58' }
const walnut = { name: 'Walnut', hex: '#7f573a' }
const ash = { name: 'Ash', hex: '#cfae82' }
const rush = { name: 'Rush', hex: '#c9a470' }
const sea = { name: 'Sea glass', hex: '#7fa39b' }
const smoke = { name: 'Smoke', hex: '#8a8f92' }
const heather = { name: 'Heather', hex: '#8d7686' }

const wipeClean = 'Wipe with a damp cloth and dry at once. Oil twice a year.'
const dishwasher = 'Safe in the dishwasher and the microwave. Let it cool before rinsing.'

export const products: readonly Product[] = [
  {
    slug: 'ridge-mug',
    name: 'Ridge mug',
    category: 'table',
    drawing: 'mug',
    pricePence: 1_800,
    colours: [chalk, moss, clay, ink],
    material: 'Stoneware',
    size: '9 × 9.5 cm, 340 ml',
    care: dishwasher,
    rating: 4.8,
    reviews: 214,
    isNew: false,
    inStock: true,
    description:
      'Thrown on the wheel and ridged with a wooden rib, so that no two catch the light alike. Holds a generous cup and keeps it warm.',
  },
  {
    slug: 'shoal-bowl',
    name: 'Shoal serving bowl',
    category: 'table',
    drawing: 'bowl',
    pricePence: 4_600,
    colours: [moss, chalk, clay],
    material: 'Stoneware',
    size: '28 × 11 cm',
    care: dishwasher,
    rating: 4.9,
    reviews: 96,
    isNew: true,
    inStock: true,
    description:
      'A wide bowl on a small foot for salad, pasta or a winter of clementines. Glazed inside and out, with a bare rim to hold it by.',
  },
  {
    slug: 'wren-carafe',
    name: 'Wren carafe and glass',
    category: 'table',
    drawing: 'carafe',
    pricePence: 3_800,
    colours: [sea, smoke],
    material: 'Recycled glass',
    size: '22 cm, 750 ml',
    care: 'Safe in the dishwasher. Not for boiling water.',
    rating: 4.6,
    reviews: 58,
    isNew: false,
    inStock: true,
    description:
      'Blown from bottle glass, with the small bubbles that belong to it. The tumbler sits over the neck on a bedside table.',
  },
  {
    slug: 'long-board',
    name: 'Long board',
    category: 'kitchen',
    drawing: 'board',
    pricePence: 5_400,
    colours: [walnut, oak],
    material: 'Solid wood',
    size: '52 × 21 cm',
    care: wipeClean,
    rating: 4.7,
    reviews: 131,
    isNew: false,
    inStock: true,
    description:
      'One plank, no glue. Planed, rounded where the hand goes, and oiled four times. A leather loop to hang it up when it has dried.',
  },
  {
    slug: 'quarry-teapot',
    name: 'Quarry teapot',
    category: 'kitchen',
    drawing: 'teapot',
    pricePence: 7_200,
    colours: [ink, moss, oat],
    material: 'Stoneware and oak',
    size: '24 × 23 cm, 1.1 l',
    care: dishwasher,
    rating: 4.8,
    reviews: 73,
    isNew: true,
    inStock: true,
    description:
      'Pours without a drip: we tried forty spouts. A steamed oak handle stays cool, and the lid stays on to the last cup.',
  },
  {
    slug: 'creel-basket',
    name: 'Creel basket',
    category: 'kitchen',
    drawing: 'basket',
    pricePence: 5_800,
    colours: [rush, walnut],
    material: 'Willow',
    size: '36 × 28 × 30 cm',
    care: 'Brush out and air. Mist with water once a year.',
    rating: 4.5,
    reviews: 44,
    isNew: false,
    inStock: true,
    description:
      'Woven from brown willow for market mornings. Stands by itself, carries eight kilos and creaks a little, as it should.',
  },
  {
    slug: 'perch-stool',
    name: 'Perch stool',
    category: 'living',
    drawing: 'stool',
    pricePence: 14_500,
    colours: [oak, ash, walnut],
    material: 'Solid wood',
    size: '36 × 45 cm',
    care: wipeClean,
    rating: 4.9,
    reviews: 88,
    isNew: false,
    inStock: true,
    description:
      'Three legs, wedged joints and a dished seat. A side table until somebody calls round, and then a seat.',
  },
  {
    slug: 'meadow-cushion',
    name: 'Meadow cushion',
    category: 'living',
    drawing: 'cushion',
    pricePence: 4_800,
    colours: [moss, oat, heather],
    material: 'Linen',
    size: '50 × 50 cm, feather filled',
    care: 'Wash the cover at 30 degrees. Iron damp.',
    rating: 4.6,
    reviews: 102,
    isNew: false,
    inStock: true,
    description:
      'Heavy washed linen with a woven stripe, soft from the first day. The cover comes off by a row of corozo buttons.',
  },
  {
    slug: 'fell-throw',
    name: 'Fell wool throw',
    category: 'living',
    drawing: 'throwBlanket',
    pricePence: 11_000,
    colours: [heather, oat, ink],
    material: 'Lambswool',
    size: '130 × 185 cm',
    care: 'Air outdoors. Dry clean when you must.',
    rating: 4.8,
    reviews: 67,
    isNew: true,
    inStock: true,
    description:
      'Lambswool spun and woven in one valley, brushed with teasels on one side. Long enough for two on a sofa.',
  },
  {
    slug: 'hollow-vase',
    name: 'Hollow vase',
    category: 'living',
    drawing: 'vase',
    pricePence: 6_400,
    colours: [clay, oat, ink],
    material: 'Stoneware',
    size: '19 × 26 cm',
    care: 'Rinse by hand. Watertight.',
    rating: 4.7,
    reviews: 51,
    isNew: false,
    inStock: true,
    description:
      'Full below and narrow above, so that three dry stems stand where you put them. The foot is left bare to show the clay.',
  },
  {
    slug: 'dune-lamp',
    name: 'Dune table lamp',
    category: 'light',
    drawing: 'lamp',
    pricePence: 16_500,
    colours: [oat, moss, clay],
    material: 'Stoneware and linen',
    size: '34 × 48 cm',
    care: 'Dust with a dry brush.',
    rating: 4.9,
    reviews: 39,
    isNew: true,
    inStock: true,
    description:
      'A turned base under a pleated linen shade, with a dimmer on the cord. Light for reading, not for surgery.',
  },
  {
    slug: 'vesper-tapers',
    name: 'Vesper taper pair',
    category: 'light',
    drawing: 'tapers',
    pricePence: 2_400,
    colours: [moss, clay, ink],
    material: 'Beeswax and stoneware',
    size: 'Two holders, two 25 cm tapers',
    care: 'Trim the wick. Never leave it burning alone.',
    rating: 4.4,
    reviews: 29,
    isNew: false,
    inStock: false,
    description:
      'Two holders from the end of the kiln and two tapers dipped by hand. Each burns for seven hours and smells of June.',
  },
]

const bySlug = new Map(products.map((product) => [product.slug, product]))

/** The product of an address, if there is one. */
export function findProduct(slug: string): Product | undefined {
  return bySlug.get(slug)
}

/** A product's colour by name, or its first. */
export function colourOf(product: Product, name: string): Colour {
  return product.colours.find((colour) => colour.name === name) ?? product.colours[0]
}
