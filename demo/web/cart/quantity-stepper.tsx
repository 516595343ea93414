import { quantityMax } from './cart-store.ts'
import './quantity-stepper.css'

interface QuantityStepperProps {
  /** What is counted, for those who hear the buttons. */
  readonly name: string
  readonly quantity: number
  readonly change: (quantity: number) => void
}

export function QuantityStepper({ name, quantity, change }: QuantityStepperProps) {
  return (
    <div className="stepper" role="group" aria-label={`Quantity of ${name}`}>
      <button
        type="button"
        data-sightline="Fewer"
        aria-label="One fewer"
        disabled={quantity <= 1}
        onClick={() => change(quantity - 1)}
      >
        −
      </button>
      <output aria-live="polite">{quantity}</output>
      <button
        type="button"
        data-sightline="More"
        aria-label="One more"
        disabled={quantity >= quantityMax}
        onClick={() => change(quantity + 1)}
      >
        +
      </button>
    </div>
  )
}
