import { afterEach, beforeEach, expect, test } from 'vitest'
import { TestInstallation } from '../test-installation.fixture.ts'
import { InstallationController } from './installation.controller.ts'
import { SiteDataController } from './site-data.controller.ts'

interface Schema {
  $ref?: string
  type?: string
  properties?: Record<string, Schema>
}

interface Operation {
  operationId: string
  summary?: string
  parameters?: { name: string; in: string; required: boolean; schema: Schema }[]
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>
}

interface Document {
  openapi: string
  info: { title: string; version: string }
  paths: Record<string, Record<string, Operation>>
  components?: { schemas?: Record<string, Schema>; securitySchemes?: Record<string, unknown> }
}

let installation: TestInstallation
let document: Document

beforeEach(async () => {
  installation = await TestInstallation.open()
  const live = await installation.startLive()
  document = (await (await fetch(`${live.url}/api/v1/openapi.json`)).json()) as Document
})

afterEach(() => installation.destroy())

/** The routes as Nest knows them: decorators leave them on the methods. */
function routes(): string[] {
  return [InstallationController, SiteDataController].flatMap((controller) => {
    const prefix = String(Reflect.getMetadata('path', controller))
    return Object.getOwnPropertyNames(controller.prototype).flatMap((name) => {
      if (name === 'constructor') return []
      const method: unknown = Object.getOwnPropertyDescriptor(controller.prototype, name)?.value
      const path: unknown = typeof method === 'function' ? Reflect.getMetadata('path', method) : undefined
      return path === undefined ? [] : [`/${prefix}/${String(path)}`.replace(/:(\w+)/g, '{$1}')]
    })
  })
}

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )

test('[LV22] the document lists every route, and no other', () => {
  expect(routes().length).toBeGreaterThan(10)
  expect(Object.keys(document.paths).sort()).toEqual(routes().sort())
  expect(operations().every(({ method }) => method === 'get')).toBe(true)
})

test('[LV22] it is a valid OpenAPI document: parameters fit the paths, ids are unique, references resolve', () => {
  expect(document.openapi).toMatch(/^3\.[012]\./)
  expect(document.info.title).toBe('Sightline')
  const ids = operations().map(({ operation }) => operation.operationId)
  expect(new Set(ids).size).toBe(ids.length)
  for (const { path, operation } of operations()) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    const parameters = operation.parameters ?? []
    expect(
      parameters.filter((one) => one.in === 'path').map(({ name }) => name),
      path,
    ).toEqual(inPath)
    for (const one of parameters) {
      expect(['path', 'query'], path).toContain(one.in)
      expect(typeof one.required, `${path} ${one.name}`).toBe('boolean')
      expect(one.schema, `${path} ${one.name}`).toBeDefined()
    }
    expect(operation.summary, path).toBeTruthy()
  }
  for (const [reference] of JSON.stringify(document).matchAll(/#\/components\/schemas\/[^"]+/g)) {
    expect(document.components?.schemas).toHaveProperty([reference.slice('#/components/schemas/'.length)])
  }
})

test('[LV22] each answer is described, and each parameter that a route takes is named', () => {
  const of = (path: string) => document.paths[`/api/v1${path}`].get
  for (const { path, operation } of operations()) {
    const schema = operation.responses['200']?.content?.['application/json']?.schema
    expect(schema, path).toBeDefined()
  }
  const names = (path: string) => (of(path).parameters ?? []).map(({ name }) => name).sort()
  expect(names('/sites/{site}/totals')).toEqual(['from', 'layout', 'page', 'site', 'to'])
  expect(names('/sites/{site}/series')).toEqual(['from', 'layout', 'page', 'resolution', 'site', 'to'])
  expect(names('/sites/{site}/elements')).toEqual(['from', 'layout', 'limit', 'page', 'site', 'to'])
  expect(names('/sites/{site}/grid')).toEqual(['from', 'kind', 'layout', 'page', 'site', 'to'])
  expect(
    of('/sites/{site}/grid')
      .parameters?.filter(({ required }) => required)
      .map(({ name }) => name),
  ).toEqual(['site', 'page'])
})
