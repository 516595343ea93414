/** The line that a site puts into its pages. @param gatewayUrl origin of the gateway, without a slash at the end */
export function snippetText(gatewayUrl: string, writeKey: string): string {
  return `<script async src="${attribute(gatewayUrl.replace(/\/+$/, ''))}/tracker.js" data-key="${attribute(writeKey)}"></script>`
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
