import { useRef } from 'react'
import { Link } from '../navigation/link.tsx'
import { WorkshopShelves } from '../pictures/scenes.tsx'
import './about.css'

const years = [
  { year: '2015', text: 'One wheel, one barn, forty mugs. All of them crooked, all of them sold.' },
  { year: '2018', text: 'A joiner moves in next door. The first stool is for our own kitchen.' },
  { year: '2021', text: 'The last mill in the valley weaves our first throw.' },
  { year: '2026', text: 'Nine workshops, thirty-one people, and a kiln that runs on sunlight.' },
]

const questions = [
  {
    question: 'How long does delivery take?',
    answer: 'Three to five working days, or the next one with express. Large pieces come by our own van.',
  },
  {
    question: 'Can I send things back?',
    answer: 'Within sixty days, used or not, if they come back whole. We pay the postage.',
  },
  {
    question: 'Do you mend what breaks?',
    answer: 'Handles, joints, moth holes and chipped rims, for as long as we are here. Write to us first.',
  },
  {
    question: 'Are seconds for sale?',
    answer: 'On the first Saturday of the month, at the workshop, from ten until they are gone.',
  },
]

export function AboutPage() {
  return (
    <>
      <div className="container page-head is-centred">
        <p className="eyebrow">Our story</p>
        <h1>Made by people you could visit</h1>
        <p className="lead">
          Lark &amp; Loam is a shop of nine workshops within an hour of each other. Whoever made your bowl can
          tell you which hill the clay came from.
        </p>
      </div>
      <div className="container about-picture">
        <WorkshopShelves />
      </div>
      <section className="container section" aria-labelledby="years">
        <h2 id="years">Eleven years, shortly told</h2>
        <ol className="years">
          {years.map(({ year, text }) => (
            <li key={year}>
              <strong>{year}</strong>
              <p>{text}</p>
            </li>
          ))}
        </ol>
      </section>
      <Visit />
      <section className="container section questions" id="questions" aria-labelledby="questions-title">
        <h2 id="questions-title">Asked often</h2>
        {questions.map(({ question, answer }) => (
          <details key={question}>
            <summary>{question}</summary>
            <p>{answer}</p>
          </details>
        ))}
        <Link to="/journal" className="button is-quiet" id="read-care-guides">
          Read the care guides
        </Link>
      </section>
    </>
  )
}

function Visit() {
  const dialog = useRef<HTMLDialogElement>(null)
  return (
    <section className="visit" id="visit" aria-labelledby="visit-title">
      <div className="container visit-columns">
        <div>
          <h2 id="visit-title">Come and see</h2>
          <p>
            The barn is open on Fridays and Saturdays from ten to four. There is tea, and usually somebody at
            the wheel who likes being watched.
          </p>
          <button
            type="button"
            className="button"
            data-sightline="Book a visit"
            onClick={() => dialog.current?.showModal()}
          >
            Book a visit
          </button>
        </div>
        <dl>
          <div>
            <dt>Where</dt>
            <dd>The Long Barn, Mill Lane</dd>
          </div>
          <div>
            <dt>Open</dt>
            <dd>Friday and Saturday, 10 to 4</dd>
          </div>
          <div>
            <dt>Bring</dt>
            <dd>Old clothes, if you want a turn</dd>
          </div>
        </dl>
      </div>
      <dialog ref={dialog} className="visit-dialog" aria-labelledby="dialog-title">
        <h2 id="dialog-title">Just come</h2>
        <p>This is a demonstration, so there is nothing to book. But thank you for asking.</p>
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          All right
        </button>
      </dialog>
    </section>
  )
}
