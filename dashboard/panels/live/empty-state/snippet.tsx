import { Button } from '../../../frame/controls.tsx'
import { CheckIcon, CopyIcon } from '../../../frame/icons.tsx'
import { useCopy } from '../../../frame/use-copy.ts'
import { useConfig, useSites } from '../../../sites/use-sites.ts'
import { useViewState } from '../../../view-state/use-view-state.ts'
import { siteOf } from '../../../sites/site.ts'
import { snippetText } from './snippet-text.ts'
import styles from './snippet.module.css'

/** The snippet of the site that is looked at, with a button that copies it. */
export function Snippet() {
  const { data: sites } = useSites()
  const { data: config } = useConfig()
  const [view] = useViewState()
  const [copied, copy] = useCopy()
  const site = siteOf(sites ?? [], view.site)
  if (site === null || config === undefined) return <p>The snippet is on its way.</p>
  const text = snippetText(config.gatewayUrl, site.writeKey)
  return (
    <div className={styles.snippet}>
      <code data-snippet>{text}</code>
      <Button look="primary" onClick={() => copy(text)}>
        {copied === 'copied' ? <CheckIcon /> : <CopyIcon />}
        {copied === 'copied' ? 'Copied' : copied === 'failed' ? 'Select and copy it' : 'Copy'}
      </Button>
    </div>
  )
}

/** What is shown until a site's first event; the page opens by itself when it comes. */
export function EmptyState({ siteName }: { siteName: string }) {
  return (
    <div className={styles.empty}>
      <h2>Put Sightline on {siteName}</h2>
      <p>
        Paste this line before the end of the head of every page. It sends where visitors point, click, scroll
        and go; never what they type.
      </p>
      <Snippet />
      <p className={styles.listening} role="status">
        <span /> Listening for the first event…
      </p>
    </div>
  )
}
