import { Module, type DynamicModule } from '@nestjs/common'
import type { Engine } from '@sightline/engine/engine'
import { InstallationController } from './api/installation.controller.ts'
import { SignInController } from './api/sign-in.controller.ts'
import { SiteDataController } from './api/site-data.controller.ts'
import { engineToken, settingsToken, type LiveSettings } from './api/tokens.ts'
import { SiteData } from './site-data.ts'

@Module({})
export class LiveModule {
  static with({
    data,
    engine,
    settings,
  }: {
    data: SiteData
    engine: Engine
    settings: LiveSettings
  }): DynamicModule {
    return {
      module: LiveModule,
      controllers: [SiteDataController, InstallationController, SignInController],
      providers: [
        { provide: SiteData, useValue: data },
        { provide: engineToken, useValue: engine },
        { provide: settingsToken, useValue: settings },
      ],
    }
  }
}
