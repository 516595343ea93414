import type { INestApplication } from '@nestjs/common'
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger'

/** Describes all routes at /api/v1/openapi.json, without a page of somebody else's scripts. */
export function describeApi(app: INestApplication, version: string): void {
  const config = new DocumentBuilder()
    .setTitle('Sightline')
    .setDescription('Live and historic figures of the tracked sites.')
    .setVersion(version)
    .addBearerAuth()
    .build()
  SwaggerModule.setup('api/v1/docs', app, () => SwaggerModule.createDocument(app, config), {
    ui: false,
    raw: ['json'],
    jsonDocumentUrl: 'api/v1/openapi.json',
  })
}
