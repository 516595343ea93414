import { useState } from 'react'
import { ProductPicture, type PictureView } from '../pictures/product-picture.tsx'
import type { Colour, Product } from '../products/products.ts'

const views: readonly PictureView[] = ['alone', 'close-up', 'in a room']

export function Gallery({ product, colour }: { product: Product; colour: Colour }) {
  const [view, setView] = useState<PictureView>('alone')
  return (
    <div className="gallery">
      <div className="gallery-picture">
        <ProductPicture
          drawing={product.drawing}
          colour={colour.hex}
          view={view}
          label={`${product.name} in ${colour.name}, ${view}`}
        />
      </div>
      <div className="thumbnails">
        {views.map((other) => (
          <button
            key={other}
            type="button"
            className="thumbnail"
            aria-pressed={view === other}
            aria-label={`Picture: ${other}`}
            onClick={() => setView(other)}
          >
            <ProductPicture drawing={product.drawing} colour={colour.hex} view={other} />
          </button>
        ))}
      </div>
    </div>
  )
}
