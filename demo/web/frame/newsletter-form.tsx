import { useState, type FormEvent } from 'react'

export function NewsletterForm() {
  const [isDone, setIsDone] = useState(false)
  const subscribe = (event: FormEvent) => {
    event.preventDefault()
    setIsDone(true)
  }
  return (
    <form className="letter-form" onSubmit={subscribe}>
      <label className="visually-hidden" htmlFor="letter-email">
        Email for the letter
      </label>
      <input id="letter-email" type="email" placeholder="you@example.org" autoComplete="email" required />
      <button type="submit" className="button" data-sightline="Subscribe">
        Subscribe
      </button>
      <p className="letter-answer" role="status">
        {isDone ? 'Thank you. The demonstration keeps no addresses.' : ''}
      </p>
    </form>
  )
}
