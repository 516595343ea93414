import { Controller, Get, Inject } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Engine } from '@sightline/engine/engine'
import { Unavailable } from '../problems.ts'
import * as answers from './answers.ts'
import { engineToken, settingsToken, type LiveSettings } from './tokens.ts'

/** What belongs to the installation as a whole. */
@ApiTags('installation')
@Controller('api/v1')
export class InstallationController {
  private readonly engine: Engine
  private readonly settings: LiveSettings

  constructor(@Inject(engineToken) engine: Engine, @Inject(settingsToken) settings: LiveSettings) {
    this.engine = engine
    this.settings = settings
  }

  @Get('config')
  @ApiOperation({ summary: 'Where the gateway is, for the snippet' })
  @ApiOkResponse({ standardSchema: answers.configAnswer })
  config() {
    return { gatewayUrl: this.settings.gatewayUrl, version: this.settings.version }
  }

  @Get('sites')
  @ApiOperation({ summary: 'All sites with their write keys and origins' })
  @ApiOkResponse({ standardSchema: answers.sitesAnswer })
  sites() {
    return this.engine.registry.sites()
  }

  @Get('stages')
  @ApiOperation({ summary: 'How the running gateways, processors and live servers are doing' })
  @ApiOkResponse({ standardSchema: answers.stagesAnswer })
  async stages() {
    try {
      return await this.engine.registry.reports()
    } catch (error) {
      throw new Unavailable('The stages’ reports can’t be read at present', error)
    }
  }
}
