import { useState } from 'react'
import { ProductPicture } from '../pictures/product-picture.tsx'
import { articles, type Article } from './articles.ts'
import './journal.css'

export function JournalPage() {
  return (
    <div className="container journal">
      <header className="page-head">
        <p className="eyebrow">Journal</p>
        <h1>How to keep things</h1>
        <p className="lead">
          Notes from the workshops about care, mending, and living with fewer and better objects.
        </p>
      </header>
      <div className="journal-columns">
        <nav className="contents" aria-label="In this issue">
          <h2>In this issue</h2>
          <ol>
            {articles.map(({ id, title }) => (
              <li key={id}>
                <a href={`#${id}`}>{title}</a>
              </li>
            ))}
          </ol>
        </nav>
        <div className="articles">
          {articles.map((article) => (
            <ArticleText key={article.id} article={article} />
          ))}
        </div>
      </div>
    </div>
  )
}

function ArticleText({ article }: { article: Article }) {
  const { id, title, minutes, picture, paragraphs, steps } = article
  const [isThanked, setIsThanked] = useState(false)
  return (
    <article className="article" id={id} aria-labelledby={`${id}-title`}>
      <div className="article-picture">
        <ProductPicture drawing={picture.drawing} colour={picture.colour} view="in a room" />
      </div>
      <p className="eyebrow">{minutes} minutes to read</p>
      <h2 id={`${id}-title`}>{title}</h2>
      {paragraphs.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
      <ol className="steps">
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <button
        type="button"
        className="button is-quiet"
        data-sightline="This was useful"
        aria-pressed={isThanked}
        onClick={() => setIsThanked(!isThanked)}
      >
        {isThanked ? 'Glad to hear it' : 'This was useful'}
      </button>
    </article>
  )
}
