// Before the page is painted, or it would flash white. What VitePress otherwise writes into each page.
;(() => {
  const preference = localStorage.getItem('vitepress-theme-appearance') || 'auto'
  const prefersDark = window.matchMedia('(prefers-color-scheme: dark)').matches
  if (preference === 'auto' ? prefersDark : preference === 'dark') document.documentElement.classList.add('dark')
})()
