import { replaceQuery, usePlace } from '../navigation/router.ts'
import { browse, browsingOf, queryOf, sortOrders, type Browsing, type SortOrder } from '../products/browse.ts'
import { ProductCard } from '../products/product-card.tsx'
import { categories } from '../products/products.ts'
import './catalogue.css'

const everything: Browsing = { category: undefined, inStockOnly: false, newOnly: false, sort: 'featured' }

export function CataloguePage() {
  const browsing = browsingOf(usePlace().query)
  const change = (changed: Partial<Browsing>) => replaceQuery(queryOf({ ...browsing, ...changed }))
  const found = browse(browsing)
  const category = categories.find(({ id }) => id === browsing.category)
  return (
    <div className="container">
      <header className="page-head">
        <h1>{category === undefined ? 'The whole collection' : category.name}</h1>
        <p className="lead">
          {category === undefined ? 'Everything we make, on one long shelf.' : category.line}
        </p>
      </header>
      <div className="browse-bar">
        <CategoryFilter browsing={browsing} change={change} />
        <Toggles browsing={browsing} change={change} />
        <SortSelect sort={browsing.sort} change={change} />
      </div>
      <p className="found" role="status">
        {found.length === 1 ? '1 piece' : `${found.length} pieces`}
      </p>
      {found.length === 0 ? (
        <div className="empty-page">
          <p>Nothing fits all of that.</p>
          <button
            type="button"
            className="button"
            data-sightline="Clear filters"
            onClick={() => change(everything)}
          >
            Clear filters
          </button>
        </div>
      ) : (
        <div className="product-grid">
          {found.map((product) => (
            <ProductCard key={product.slug} product={product} />
          ))}
        </div>
      )}
    </div>
  )
}

interface FilterProps {
  readonly browsing: Browsing
  readonly change: (changed: Partial<Browsing>) => void
}

function CategoryFilter({ browsing, change }: FilterProps) {
  const choices = [{ id: undefined, name: 'All' }, ...categories]
  return (
    <div className="chips" role="group" aria-label="Department">
      {choices.map(({ id, name }) => (
        <button
          key={name}
          type="button"
          className="chip"
          data-sightline={`Filter: ${name}`}
          aria-pressed={browsing.category === id}
          onClick={() => change({ category: id })}
        >
          {name}
        </button>
      ))}
    </div>
  )
}

function Toggles({ browsing, change }: FilterProps) {
  return (
    <div className="chips" role="group" aria-label="Narrow down">
      <button
        type="button"
        className="chip"
        id="only-new"
        aria-pressed={browsing.newOnly}
        onClick={() => change({ newOnly: !browsing.newOnly })}
      >
        New in
      </button>
      <button
        type="button"
        className="chip"
        id="only-in-stock"
        aria-pressed={browsing.inStockOnly}
        onClick={() => change({ inStockOnly: !browsing.inStockOnly })}
      >
        In stock
      </button>
    </div>
  )
}

function SortSelect({ sort, change }: { sort: SortOrder; change: FilterProps['change'] }) {
  return (
    <label className="sort">
      <span>Sort by</span>
      <select
        data-sightline="Sort products"
        value={sort}
        onChange={(event) => change({ sort: event.target.value as SortOrder })}
      >
        {sortOrders.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
