import { LeafIcon, MendIcon, ReturnIcon, VanIcon } from '../frame/icons.tsx'
import { articles } from '../journal/articles.ts'
import { Link } from '../navigation/link.tsx'
import { ProductPicture } from '../pictures/product-picture.tsx'
import { LivingRoom, WorkshopShelves } from '../pictures/scenes.tsx'
import { ProductCard } from '../products/product-card.tsx'
import { categories, products, type Category } from '../products/products.ts'
import './home.css'

const featuredSlugs = ['dune-lamp', 'ridge-mug', 'perch-stool', 'fell-throw']
const featured = products.filter(({ slug }) => featuredSlugs.includes(slug))

const promises = [
  { icon: <VanIcon />, title: 'Free from £60', text: 'Packed in paper, no plastic' },
  { icon: <ReturnIcon />, title: 'Sixty days', text: 'To live with it and decide' },
  { icon: <MendIcon />, title: 'Mended for life', text: 'Send it back, we repair it' },
  { icon: <LeafIcon />, title: 'Made nearby', text: 'Nine workshops, one county' },
]

export function HomePage() {
  return (
    <>
      <Hero />
      <ul className="container promises">
        {promises.map(({ icon, title, text }) => (
          <li key={title}>
            {icon}
            <span>
              <strong>{title}</strong>
              {text}
            </span>
          </li>
        ))}
      </ul>
      <section className="container section" aria-labelledby="departments">
        <div className="section-head">
          <h2 id="departments">By the room</h2>
        </div>
        <div className="departments">
          {categories.map(({ id, name, line }) => (
            <Link
              key={id}
              to={`/shop?category=${id}`}
              className="department"
              data-sightline={`Category: ${name}`}
            >
              <DepartmentPicture category={id} />
              <span className="department-text">
                <strong>{name}</strong>
                <span className="department-line">{line}</span>
              </span>
            </Link>
          ))}
        </div>
      </section>
      <section className="container section" aria-labelledby="favourites">
        <div className="section-head">
          <h2 id="favourites">What people keep</h2>
          <Link to="/shop" className="text-button" id="see-everything">
            See everything
          </Link>
        </div>
        <div className="product-grid is-four">
          {featured.map((product) => (
            <ProductCard key={product.slug} product={product} />
          ))}
        </div>
      </section>
      <Story />
      <JournalTeaser />
    </>
  )
}

function Hero() {
  return (
    <section className="container hero">
      <div className="hero-text">
        <p className="eyebrow">The autumn collection</p>
        <h1>Things that get better with use</h1>
        <p className="lead">
          Stoneware, wood, wool and light from nine small workshops. Made slowly, meant for every day.
        </p>
        <div className="button-row">
          <Link to="/shop" className="button is-large" data-sightline="Shop the collection">
            Shop the collection
          </Link>
          <Link to="/about" className="button is-large is-quiet" data-sightline="Read our story">
            Read our story
          </Link>
        </div>
      </div>
      <div className="hero-picture">
        <LivingRoom />
      </div>
    </section>
  )
}

const departmentSlug: Record<Category, string> = {
  table: 'shoal-bowl',
  kitchen: 'quarry-teapot',
  living: 'meadow-cushion',
  light: 'vesper-tapers',
}

function DepartmentPicture({ category }: { category: Category }) {
  const product = products.find(({ slug }) => slug === departmentSlug[category])!
  return <ProductPicture drawing={product.drawing} colour={product.colours[0].hex} />
}

function Story() {
  return (
    <section className="story" aria-labelledby="story">
      <div className="container story-columns">
        <div className="story-picture">
          <WorkshopShelves />
        </div>
        <div>
          <p className="eyebrow">From the workshop</p>
          <h2 id="story">Forty mugs before lunch</h2>
          <p>
            We began with one wheel in a barn and a rule: sell only what we use ourselves. Eleven years on
            there are nine workshops, the rule still stands, and the barn still leaks a little.
          </p>
          <Link to="/about" className="text-button">
            Meet the makers
          </Link>
        </div>
      </div>
    </section>
  )
}

function JournalTeaser() {
  return (
    <section className="container section" aria-labelledby="teaser">
      <div className="section-head">
        <h2 id="teaser">From the journal</h2>
        <Link to="/journal" className="text-button">
          All articles
        </Link>
      </div>
      <div className="teasers">
        {articles.slice(0, 3).map(({ id, title, minutes, picture, summary }) => (
          <article key={id} className="teaser">
            <Link to={`/journal#${id}`}>
              <span className="teaser-picture">
                <ProductPicture drawing={picture.drawing} colour={picture.colour} view="in a room" />
              </span>
              <strong>{title}</strong>
            </Link>
            <p>{summary}</p>
            <p className="eyebrow">{minutes} minutes</p>
          </article>
        ))}
      </div>
    </section>
  )
}
