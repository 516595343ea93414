// Sets the theme before the first paint, so that a page never flashes in the other one. theme/theme.ts goes on from here.
;(function () {
  var chosen = null
  try {
    chosen = localStorage.getItem('sightline.theme')
  } catch {
    // Storage can be switched off; the system's theme then applies.
  }
  var light = chosen === 'light' || (chosen !== 'dark' && matchMedia('(prefers-color-scheme: light)').matches)
  document.documentElement.dataset.theme = light ? 'light' : 'dark'
})()
