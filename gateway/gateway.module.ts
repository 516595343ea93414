import { type DynamicModule, Module } from '@nestjs/common'
import { BeaconController } from './beacon.controller.ts'
import { BeaconReceiver } from './beacon.ts'
import { HealthController } from './health.controller.ts'
import { IngestGateway } from './ingest.gateway.ts'
import { IngestServer } from './ingest-server.ts'
import { Readiness } from './readiness.ts'
import { TrackerController } from './tracker.controller.ts'
import { ServedTracker } from './tracker-script.ts'

/** What a gateway consists of, made beforehand: Nest only connects it to HTTP. */
export interface GatewayParts {
  ingest: IngestServer
  readiness: Readiness
  tracker: ServedTracker
}

@Module({})
export class GatewayModule {
  static of(parts: GatewayParts): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [BeaconController, TrackerController, HealthController],
      providers: [
        { provide: IngestServer, useValue: parts.ingest },
        { provide: BeaconReceiver, useValue: parts.ingest.beacons },
        { provide: Readiness, useValue: parts.readiness },
        { provide: ServedTracker, useValue: parts.tracker },
        IngestGateway,
      ],
    }
  }
}
