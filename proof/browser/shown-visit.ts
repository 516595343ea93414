import type { Page } from 'playwright-core'
import type { Installation } from '../installation/installation.ts'
import type { ShownVisit } from './visit-comparison.ts'

/** Asks the API everything about a site's day. */
export async function askApi(installation: Installation, site: number): Promise<ShownVisit> {
  const path = `/api/v1/sites/${site}`
  const [totals, { elements }, { pages }, { edges }, ledger] = await Promise.all([
    installation.get<ShownVisit['totals']>(`${path}/totals`),
    installation.get<Pick<ShownVisit, 'elements'>>(`${path}/elements`),
    installation.get<Pick<ShownVisit, 'pages'>>(`${path}/pages`),
    installation.get<Pick<ShownVisit, 'edges'>>(`${path}/edges`),
    installation.get<ShownVisit['ledger']>(`${path}/ledger`),
  ])
  return { totals, elements, pages, edges, ledger }
}

/** What a person reads on the dashboard's Live page. */
export interface Dashboard {
  /** Under the number of events. */
  eventsInAll: string
  lost: string
  lostNote: string
  activeSessions: string
  /** Rows of the table behind the bars: name of the target, without its tag, and clicks. */
  clicks: [target: string, clicks: string][]
}

/** A target's name as people read it: the tracker's `button Save` is Save. */
export function shownName(target: string): string {
  return target.replace(/^(a|button|summary|label|input|select) (?!>)/, '')
}

export async function readDashboard(page: Page, liveUrl: string, site: number): Promise<Dashboard> {
  await page.goto(`${liveUrl}/?site=${site}`)
  await page.locator('[data-status="live"]').waitFor()
  await page.locator('#top-buttons [data-rank]').first().waitFor()
  await page.getByRole('button', { name: 'Top buttons as a table' }).click()
  const cell = (title: string) => page.locator(`[data-number="${title}"]`)
  const note = async (title: string) =>
    cell(title).locator('xpath=following-sibling::div/span').first().innerText()
  const rows = await page.locator('#top-buttons tbody tr').all()
  return {
    eventsInAll: await note('Events'),
    lost: await cell('Lost').innerText(),
    lostNote: await note('Lost'),
    activeSessions: await cell('Active sessions').innerText(),
    clicks: await Promise.all(
      rows.map(async (row): Promise<[string, string]> => {
        const [target, , clicks] = await row.locator('td').allInnerTexts()
        return [target, clicks]
      }),
    ),
  }
}
