import { Controller, Get, NotFoundException, Param, Query } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import * as answers from './answers.ts'
import * as queries from './queries-of-requests.ts'
import { SiteData } from '../site-data.ts'

/** What is known of one site. Ranges snap outward to whole minutes, hours or days; the answer says to which. */
@ApiTags('site')
@Controller('api/v1/sites/:site')
export class SiteDataController {
  private readonly data: SiteData

  constructor(data: SiteData) {
    this.data = data
  }

  @Get('totals')
  @ApiOperation({ summary: 'Events by kind, views and sessions of a range' })
  @ApiOkResponse({ standardSchema: answers.totalsAnswer })
  totals(
    @Param('site', { schema: queries.siteId }) site: number,
    @Query({ schema: queries.totalsQuery }) query: queries.TotalsQuery,
  ) {
    return this.data.totals(this.existing(site), query)
  }

  @Get('series')
  @ApiOperation({ summary: 'Events by kind and views over time' })
  @ApiOkResponse({ standardSchema: answers.seriesAnswer })
  series(
    @Param('site', { schema: queries.siteId }) site: number,
    @Query({ schema: queries.seriesQuery }) query: queries.SeriesQuery,
  ) {
    return this.data.series(this.existing(site), query)
  }

  @Get('elements')
  @ApiOperation({ summary: 'Clicks by element, most first' })
  @ApiOkResponse({ standardSchema: answers.elementsAnswer })
  elements(
    @Param('site', { schema: queries.siteId }) site: number,
    @Query({ schema: queries.elementsQuery }) query: queries.ElementsQuery,
  ) {
    return this.data.elements(this.existing(site), query)
  }

  @Get('pages')
  @ApiOperation({ summary: 'Pages, most viewed first' })
  @ApiOkResponse({ standardSchema: answers.pagesAnswer })
  pages(
    @Param('site', { schema: queries.siteId }) site: number,
    @Query({ schema: queries.pagesQuery }) query: queries.PagesQuery,
  ) {
    return this.data.pages(this.existing(site), query)
  }

  @Get('edges')
  @ApiOperation({ summary: 'How visitors went from page to page' })
  @ApiOkResponse({ standardSchema: answers.edgesAnswer })
  edges(
    @Param('site', { schema: queries.siteId }) site: number,
    @Query({ schema: queries.edgesQuery }) query: queries.EdgesQuery,
  ) {
    return this.data.edges(this.existing(site), query)
  }

  @Get('grid')
  @ApiOperation({ summary: 'Where a page was pointed at or clicked' })
  @ApiOkResponse({ standardSchema: answers.gridAnswer })
  grid(
    @Param('site', { schema: queries.siteId }) site: number,
    @Query({ schema: queries.gridQuery }) query: queries.GridQuery,
  ) {
    return this.data.grid(this.existing(site), query)
  }

  @Get('outline')
  @ApiOperation({ summary: 'The visible blocks of a page, where they are known' })
  @ApiOkResponse({ standardSchema: answers.outlineAnswer })
  outline(
    @Param('site', { schema: queries.siteId }) site: number,
    @Query({ schema: queries.outlineQuery }) query: queries.OutlineQuery,
  ) {
    return this.data.outline(this.existing(site), query.page)
  }

  @Get('sessions')
  @ApiOperation({ summary: 'Who is here now' })
  @ApiOkResponse({ standardSchema: answers.sessionsAnswer })
  sessions(@Param('site', { schema: queries.siteId }) site: number) {
    return this.data.sessions(this.existing(site))
  }

  @Get('ledger')
  @ApiOperation({ summary: 'What became of every event, since the site exists' })
  @ApiOkResponse({ standardSchema: answers.ledgerAnswer })
  ledger(@Param('site', { schema: queries.siteId }) site: number) {
    return this.data.ledger(this.existing(site))
  }

  private existing(site: number): number {
    if (!this.data.exists(site)) throw new NotFoundException(`there is no site ${site}`)
    return site
  }
}
